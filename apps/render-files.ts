import { parseArgs } from 'node:util';
import { RenderError, SettingsError } from '../settings/settings-error.ts';
import { loadProject } from './load.ts';
import { readPins } from './pins.ts';
import { pathsOf } from './project.ts';
import { render } from './render.ts';
import { changedWords, writeRendered, writeTarget, type Written } from './write.ts';

/**
 * Renders the manifests of a working copy and Argo CD's objects, and returns what there is to say of it. With --environment and --service, as a
 * release calls it, only that target is read and written, whatever is wrong with the files of another one. Throws SettingsError, RenderError or
 * PinError with a sentence, and has written nothing then.
 */
export async function renderFiles(directory: string, args: readonly string[]): Promise<string> {
  const { environment, service } = readArguments(args);
  const project = await loadProject(directory, service);
  if (environment === undefined && service === undefined) {
    return words(await writeRendered(directory, render(project, await readPins(directory, pathsOf(project)))));
  }
  const target = project.targets.find((one) => one.environment.name === environment && one.service.name === service);
  if (target === undefined) {
    const { environments, services } = project.settings;
    throw new SettingsError([
      `there is no service ${JSON.stringify(service)} in environment ${JSON.stringify(environment)}, only ${services.map(({ name }) => name).join(', ')} in ${environments.map(({ name }) => name).join(', ')}.`,
    ]);
  }
  return words(await writeTarget(directory, render(project, await readPins(directory, [target.path])), target));
}

function words({ files, changed }: Written): string {
  return `synth: ${files} files rendered, ${changedWords(changed)}\n`;
}

function readArguments(args: readonly string[]): { readonly environment?: string; readonly service?: string } {
  try {
    return parseArgs({ args: [...args], options: { environment: { type: 'string' }, service: { type: 'string' } } })
      .values;
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new RenderError([`npm run synth: ${said} It takes --environment NAME --service NAME, or nothing.`], {
      cause,
    });
  }
}
