import { parseArgs } from 'node:util';
import { runCommand } from '../settings/command.ts';
import { loadSettings } from '../settings/load.ts';
import { PinError, readPins } from './pins.ts';
import { render } from './render.ts';
import { writeEnvironment, writeRendered } from './write.ts';

// With --environment, as a release calls it, only that one is read and written: what is wrong with another one is no hindrance.
const { environment } = parseArgs({ options: { environment: { type: 'string' } } }).values;

await runCommand(async () => {
  const directory = process.cwd();
  const settings = await loadSettings(directory);
  const pins = await readPins(
    directory,
    environment === undefined ? Object.keys(settings.environments) : [environment],
  );
  const rendered = render(settings, pins);
  const written =
    environment === undefined
      ? await writeRendered(directory, rendered)
      : await writeEnvironment(directory, rendered, environment);
  const what = written.changed.length === 0 ? 'nothing changed' : `changed ${written.changed.join(', ')}`;
  process.stdout.write(`synth: ${written.files} files rendered, ${what}\n`);
  return 0;
}, [PinError]);
