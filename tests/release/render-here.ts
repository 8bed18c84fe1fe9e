import { loadProject } from '../../apps/load.ts';
import { readPins } from '../../apps/pins.ts';
import { render } from '../../apps/render.ts';
import { writeEnvironment, writeRendered } from '../../apps/write.ts';
import type { Render } from '../../release/publish/render.ts';

/** Renders everything in this process, which is ten times as fast as in one of its own. */
export async function renderHere(directory: string): Promise<void> {
  const owned = await loadProject(directory);
  const environments = owned.settings.environments.map(({ name }) => name);
  await writeRendered(directory, render(owned, await readPins(directory, environments)));
}

/** As {@link renderHere}, as a release has it: one environment, whatever is wrong with the others. */
export const renderOneHere: Render = async (directory, environment) => {
  const owned = await loadProject(directory);
  await writeEnvironment(directory, render(owned, await readPins(directory, [environment])), environment);
};
