import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from 'zerodrop/rehearse';
import { rootApplication, rootName, rootProject } from '../../cluster/argocd/root.ts';
import type { Settings } from '../../settings/settings.ts';
import { field } from './field.ts';
import { takeDowns } from './play.ts';
import type { OpenScratch } from './scratch.ts';

/** Runs kubectl and returns what it prints. */
export type Kubectl = (...args: readonly string[]) => Promise<string>;

/**
 * Has Argo CD follow a scratch clone's remote by a root application of this name, until the play is taken down. What an earlier play has left of
 * it is removed first. Returns the user's kubectl.
 */
export async function openRoot({ folder, clone }: OpenScratch, name: string, settings: Settings): Promise<Kubectl> {
  // Taking down goes on when the play is interrupted.
  const lasting = { directory: clone.directory, environment: process.env, signal: new AbortController().signal };
  const kubectl: Kubectl = (...args) => run(lasting, 'kubectl', ...args);
  takeDowns.push(() => removeRoot(kubectl, name, settings));
  await removeRoot(kubectl, name, settings);
  await followRoot(kubectl, folder, settings.repository, name);
  return kubectl;
}

/** Makes the root application as Terraform does, under a name of its own. */
async function followRoot(kubectl: Kubectl, folder: string, repository: string, name: string): Promise<void> {
  const text = JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [rootProject(repository), rootApplication(repository, 'argocd')],
  }).replaceAll(`"${rootName}"`, `"${name}"`);
  const file = path.join(folder, 'root.json');
  await writeFile(file, text);
  await kubectl('apply', '--filename', file);
}

/** What a root application of this name has made for these settings, and itself: all of it goes. */
async function removeRoot(kubectl: Kubectl, name: string, { services, environments }: Settings): Promise<void> {
  const targets = services.flatMap((service) => environments.map((one) => `${service.name}-${one.name}`));
  const gone = ['--ignore-not-found', '--wait=true', '--timeout=180s'];
  const argo = ['--namespace', 'argocd', ...gone];
  await kubectl('delete', 'application.argoproj.io', name, ...argo);
  await kubectl('delete', 'application.argoproj.io', ...targets, ...argo);
  await kubectl('delete', 'namespace', ...targets, ...gone);
  await kubectl('delete', 'appproject.argoproj.io', name, ...services.map((service) => service.name), ...argo);
}

/** An application at this commit, synced and healthy, with nothing going on. */
export function isRolledOut(revision: string): (application: unknown) => boolean {
  return (application) =>
    field(application, 'status', 'sync', 'revision') === revision &&
    field(application, 'status', 'sync', 'status') === 'Synced' &&
    field(application, 'status', 'health', 'status') === 'Healthy' &&
    field(application, 'status', 'operationState', 'phase') === 'Succeeded' &&
    field(application, 'operation') === undefined;
}
