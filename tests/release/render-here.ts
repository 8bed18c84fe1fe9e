import { readPins } from '../../apps/pins.ts';
import { render } from '../../apps/render.ts';
import { writeRendered } from '../../apps/write.ts';
import { loadSettings } from '../../settings/load.ts';

/** Renders in this process, which is ten times as fast as in one of its own. */
export async function renderHere(directory: string): Promise<void> {
  const owned = await loadSettings(directory);
  await writeRendered(directory, render(owned, await readPins(directory, Object.keys(owned.environments))));
}
