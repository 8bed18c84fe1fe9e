import { parseArgs } from 'node:util';
import { runCommand } from '../settings/command.ts';
import { RenderError, SettingsError } from '../settings/settings-error.ts';
import { loadProject } from './load.ts';
import { PinError, readPins } from './pins.ts';
import { render } from './render.ts';
import { changedWords, writeEnvironment, writeRendered } from './write.ts';

/** With --environment, as a release calls it, only that one is read and written, whatever is wrong with the files of another one. */
function readArguments(): string | undefined {
  try {
    return parseArgs({ options: { environment: { type: 'string' } } }).values.environment;
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new RenderError([`npm run synth: ${words} It takes --environment NAME, or nothing.`], { cause });
  }
}

await runCommand(async () => {
  const environment = readArguments();
  const directory = process.cwd();
  const project = await loadProject(directory);
  const known = project.settings.environments.map(({ name }) => name);
  if (environment !== undefined && !known.includes(environment)) {
    throw new SettingsError([`environments has no '${environment}', only ${known.join(', ')}.`]);
  }
  const rendered = render(project, await readPins(directory, environment === undefined ? known : [environment]));
  const written =
    environment === undefined
      ? await writeRendered(directory, rendered)
      : await writeEnvironment(directory, rendered, environment);
  process.stdout.write(`synth: ${written.files} files rendered, ${changedWords(written.changed)}\n`);
  return 0;
}, [PinError]);
