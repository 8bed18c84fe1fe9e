import { parseArgs } from 'node:util';
import { RenderError, SettingsError } from '../settings/settings-error.ts';
import { loadProject } from './load.ts';
import { readPins } from './pins.ts';
import { render } from './render.ts';
import { changedWords, writeEnvironment, writeRendered } from './write.ts';

/**
 * Renders the manifests of a working copy and Argo CD's objects, and returns what there is to say of it. With --environment, as a release
 * calls it, only that one is read and written, whatever is wrong with the files of another one. Throws SettingsError, RenderError or
 * PinError with a sentence, and has written nothing then.
 */
export async function renderFiles(directory: string, args: readonly string[]): Promise<string> {
  const environment = readArguments(args);
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
  return `synth: ${written.files} files rendered, ${changedWords(written.changed)}\n`;
}

function readArguments(args: readonly string[]): string | undefined {
  try {
    return parseArgs({ args: [...args], options: { environment: { type: 'string' } } }).values.environment;
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new RenderError([`npm run synth: ${words} It takes --environment NAME, or nothing.`], { cause });
  }
}
