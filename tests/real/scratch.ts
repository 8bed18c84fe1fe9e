import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run, type ProcessOptions } from 'zerodrop/rehearse';
import {
  makeRunFolder,
  makeScratch,
  removeFolder,
  type Scratch,
  scratchEnvironment,
  serveGit,
} from 'zerodrop/tests/rehearse/parts.ts';
import { partsOf, pinPath, type TargetPath } from '../../apps/pins.ts';
import { serviceFile } from '../../apps/project.ts';
import { webService } from '../../apps/workload/define.ts';
import type { WebService } from '../../apps/workload/schema.ts';
import { firstOf, type Settings } from '../../settings/settings.ts';
import { signal, takeDowns } from './play.ts';

/** A scratch clone of this repository, and where its remote is served. */
export interface OpenScratch {
  /** The folder of the play. */
  readonly folder: string;
  readonly scratch: Scratch;
  /** The address by which Argo CD reads the remote. */
  readonly repository: string;
  /** Where programs of the clone run. */
  readonly clone: ProcessOptions;
}

/** Makes a scratch clone and serves its remote under this name, until the play is taken down. */
export async function openScratch(name: string): Promise<OpenScratch> {
  const folder = await makeRunFolder();
  takeDowns.push(() => removeFolder(folder));
  const scratch = await makeScratch(process.cwd(), folder, process.env, signal);
  const environment = scratchEnvironment(process.env);
  const git = await serveGit(scratch.remote, name, '127.0.0.1', environment);
  takeDowns.push(() => git.close());
  return { folder, scratch, repository: git.url, clone: { directory: scratch.directory, environment, signal } };
}

/** The settings of a play, with a cluster of nobody: what the settings at hand say of theirs, but no owner. */
export function labSettings({ clusters }: Settings, own: Omit<Settings, 'clusters'>, name = 'lab'): Settings {
  const { google, ...cluster } = firstOf(clusters);
  const { github: _, ...unowned } = google;
  return { ...own, clusters: [{ ...cluster, google: { ...unowned, project: 'lab-project', name } }] };
}

/** Writes these settings and their services, all alike, into a scratch clone, without a release of this environment, renders and commits. */
export async function settle(
  scratch: Scratch,
  clone: ProcessOptions,
  settings: Settings,
  service: WebService,
  environment: string,
): Promise<void> {
  const write = (file: string, text: string): Promise<void> => writeFile(path.join(scratch.directory, file), text);
  await write('settings.ts', `export const settings = ${JSON.stringify(settings, null, 2)};\n`);
  for (const { name } of settings.services) {
    await write(serviceFile(name), `export default ${JSON.stringify(webService(service), null, 2)};\n`);
    await rm(path.join(scratch.directory, pinPath(`${environment}/${name}`)), { force: true });
  }
  await script(clone, 'apps/main.ts');
  await scratch.commit('Take the settings of the lab');
}

/** Commits a release of a target by the clone's own program. */
export async function release(
  clone: ProcessOptions,
  target: TargetPath,
  image: string,
  sourceCommit: string,
): Promise<void> {
  const { environment, service } = partsOf(target);
  const asked = ['--environment', environment, '--service', service, '--image', image, '--source', sourceCommit];
  await script(clone, 'release/main.ts', 'publish', '--no-push', '--again', ...asked);
}

async function script(clone: ProcessOptions, file: string, ...args: readonly string[]): Promise<void> {
  await run(clone, process.execPath, '--conditions=zerodrop-source', '--import', 'tsx', file, ...args);
}
