import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { buildOf } from '../settings/build.ts';
import { loadModule, loadSettings } from '../settings/load.ts';
import { SettingsError } from '../settings/sentences.ts';
import type { Service } from '../settings/settings.ts';
import { type Project, projectOf, serviceFile } from './project.ts';

/**
 * Reads settings.ts and apps/services/ of a working copy, as they are on the disk now. Throws a SettingsError for what is wrong in them.
 *
 * @param only the one service to read, whatever is wrong with the files of the others; all unless said
 */
export async function loadProject(directory: string, only?: string): Promise<Project> {
  const settings = await loadSettings(directory);
  const names = settings.services.map(({ name }) => name).filter((name) => only === undefined || name === only);
  // At once, and told in the order of the settings: a thousand files take three times as long one after the other.
  const loaded = await Promise.allSettled(names.map((name) => loadService(directory, name)));
  const given = new Map<string, unknown>();
  for (const [index, name] of names.entries()) {
    const one = loaded[index];
    if (one?.status === 'rejected') throw one.reason;
    given.set(name, one?.value);
  }
  return projectOf(settings, given);
}

async function loadService(directory: string, name: string): Promise<unknown> {
  const path = serviceFile(name);
  const isThere = await access(join(directory, path)).then(
    () => true,
    () => false,
  );
  if (isThere) return (await loadModule(directory, path))['default'];
  const problem = `is missing, but settings.ts has the service ${name}. Write it: export default webService({ ... }), or remove the service.`;
  throw new SettingsError([problem], undefined, path);
}

/** Makes sure that a working copy has what the settings say that images are built from. Throws a {@link SettingsError} where it has not. */
export async function requireBuilds(directory: string, services: readonly Service[]): Promise<void> {
  const problems: string[] = [];
  for (const service of services) {
    if (service.build === undefined) continue;
    const { context, dockerfile } = buildOf(service);
    const place = `services.${service.name}.build`;
    const found = async (path: string) => stat(join(directory, path)).catch(() => null);
    if ((await found(context))?.isDirectory() !== true)
      problems.push(`${place}.context is '${context}', but there is no such folder. Create it, or name another.`);
    else if ((await found(dockerfile))?.isFile() !== true) {
      const said = service.build.dockerfile === undefined ? ' by default' : '';
      problems.push(
        `${place}.dockerfile is '${dockerfile}'${said}, but there is no such file. Create it, or name another.`,
      );
    }
    for (const path of service.build.paths ?? []) {
      if ((await found(path)) === null)
        problems.push(`${place}.paths has '${path}', but there is no such file or folder. Correct or remove it.`);
    }
  }
  if (problems.length > 0) throw new SettingsError(problems);
}
