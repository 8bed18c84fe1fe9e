import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { loadModule, loadSettings } from '../settings/load.ts';
import { SettingsError } from '../settings/settings-error.ts';
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
