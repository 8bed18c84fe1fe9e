import { readPins } from '../../apps/pins.ts';
import { render } from '../../apps/render.ts';
import { writeEnvironment, writeRendered } from '../../apps/write.ts';
import type { Render } from '../../release/publish/render.ts';
import { loadSettings } from '../../settings/load.ts';

/** Renders everything in this process, which is ten times as fast as in one of its own. */
export async function renderHere(directory: string): Promise<void> {
  const owned = await loadSettings(directory);
  await writeRendered(directory, render(owned, await readPins(directory, Object.keys(owned.environments))));
}

/** As {@link renderHere}, as a release has it: one environment, whatever is wrong with the others. */
export const renderOneHere: Render = async (directory, environment) => {
  const owned = await loadSettings(directory);
  await writeEnvironment(directory, render(owned, await readPins(directory, [environment])), environment);
};
