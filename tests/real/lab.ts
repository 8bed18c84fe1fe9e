import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { type ProcessOptions, run } from 'zerodrop/rehearse';
import { type Project, applicationPath, projectPath } from '../../apps/project.ts';
import { accessObjects } from '../../cluster/argocd/access.ts';
import { deployerObjects } from '../../cluster/argocd/deployers.ts';
import { clustersOf } from '../../cluster/cluster-project.ts';
import { email } from '../../cluster/identities.ts';
import { firstOf } from '../../settings/settings.ts';

/** What the release under test may use of a cluster, and what is made there for it. */
export interface Lab {
  /** A kubeconfig with the rights of CI's `verify` identity, and no others. */
  readonly kubeconfig: string;
  /** Gives the project and the application of `staging` to Argo CD, as the root application would. */
  follow(checkout: string): Promise<void>;
  nodePort(): Promise<number>;
  /** What the verify identity is told that tries to change an application. */
  tryToChange(): Promise<string>;
  strike(): Promise<void>;
}

/** Makes the identity of `verify` in the current cluster, as cluster/argocd/access.ts gives it to CI. */
export async function openLab(project: Project, folder: string, signal: AbortSignal): Promise<Lab> {
  const where: ProcessOptions = { directory: folder, environment: process.env, signal };
  const kubectl = (...args: readonly string[]): Promise<string> => run(where, 'kubectl', ...args);
  const { google } = firstOf(clustersOf(project));
  const user = email(google, 'verify');
  const { targets } = project;
  const target = firstOf(targets);
  const { service: own, namespace } = target;
  const service = own.name;
  const access = await writeAccess(project, folder);

  const strike = async (): Promise<void> => {
    const gone = ['--ignore-not-found', '--wait=true', '--timeout=90s'];
    // A strike goes on when the run is interrupted.
    const all: ProcessOptions = { ...where, signal: new AbortController().signal };
    const remove = (...args: readonly string[]) => run(all, 'kubectl', 'delete', ...gone, ...args);
    await remove('application.argoproj.io', '--namespace', 'argocd', `${service}-staging`);
    await remove('namespace', namespace);
    await remove('appproject.argoproj.io', '--namespace', 'argocd', service);
    await remove('--filename', access);
  };
  await strike();
  await kubectl('apply', '--filename', access);

  const kubeconfig = path.join(folder, 'kubeconfig');
  const admin: unknown = parse(await kubectl('config', 'view', '--raw', '--minify', '--flatten', '--output', 'yaml'));
  await writeFile(kubeconfig, JSON.stringify(actingAs(admin, user)), { mode: 0o600 });
  return {
    kubeconfig,
    strike,
    async follow(checkout) {
      for (const file of [projectPath(target), applicationPath(target)]) {
        await kubectl('apply', '--filename', path.join(checkout, file));
      }
    },
    async nodePort() {
      const port = ['--output', 'jsonpath={.spec.ports[0].nodePort}'];
      return Number(await kubectl('get', 'service', '--namespace', namespace, service, ...port));
    },
    async tryToChange() {
      const patch = ['--type', 'merge', '--patch', '{"spec":{"source":{"targetRevision":"elsewhere"}}}'];
      const change = ['patch', 'application.argoproj.io', '--namespace', 'argocd', `${service}-staging`, ...patch];
      return kubectl('--kubeconfig', kubeconfig, ...change).catch((error: unknown) => String(error));
    },
  };
}

/** Writes what gives the identity of `verify` its rights, as cluster/argocd/ does for CI. Returns the file. */
export async function writeAccess(project: Project, folder: string): Promise<string> {
  const { google } = firstOf(clustersOf(project));
  const { targets } = project;
  const file = path.join(folder, 'access.json');
  const items = [...accessObjects(targets, google), ...deployerObjects(targets, email(google, 'verify'))];
  await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  return file;
}

/** The same kubeconfig for another user: the API server checks that one's rights and not ours. */
function actingAs(kubeconfig: unknown, user: string): unknown {
  const { users, ...rest } = kubeconfig as {
    readonly users: readonly { readonly name: string; readonly user: object }[];
  };
  return { ...rest, users: users.map((entry) => ({ ...entry, user: { ...entry.user, as: user } })) };
}
