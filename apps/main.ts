import { runCommand } from '../settings/command.ts';
import { loadSettings } from '../settings/load.ts';
import { PinError, readPins } from './pins.ts';
import { render } from './render.ts';
import { writeRendered } from './write.ts';

await runCommand(async () => {
  const directory = process.cwd();
  const settings = await loadSettings(directory);
  const pins = await readPins(directory, Object.keys(settings.environments));
  const { files, changed } = await writeRendered(directory, render(settings, pins));
  const what = changed.length === 0 ? 'nothing changed' : `changed ${changed.join(', ')}`;
  process.stdout.write(`synth: ${files} files rendered, ${what}\n`);
  return 0;
}, [PinError]);
