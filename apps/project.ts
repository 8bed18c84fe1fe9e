import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { buildOf } from '../settings/build.ts';
import { loadModule, loadSettings } from '../settings/load.ts';
import { SettingsError } from '../settings/sentences.ts';
import { type Cluster, clusterFolder, type Environment, type Service, type Settings } from '../settings/settings.ts';
import { gatewayName, gatewaysOf, hostProblems, regionalProblems } from './exposure.ts';
import type { TargetPath } from './pins.ts';
import { resolveWorkloads } from './workload/resolve.ts';
import type { Workload } from './workload/schema.ts';

/** One service in one environment: what is released, rolled out and rolled back by itself. */
export interface Target {
  /** `SERVICE-ENVIRONMENT`, the name of its Application. */
  readonly name: string;
  readonly path: TargetPath;
  readonly service: Service;
  readonly environment: Environment;
  readonly cluster: Cluster;
  /** Where its Application is, and what else its cluster's Argo CD is made of. */
  readonly argoFolder: string;
  readonly namespace: string;
  readonly workload: Workload;
}

/** What an owner has written: settings.ts, and in its targets what apps/services/ says. */
export interface Project {
  readonly settings: Settings;
  readonly targets: readonly Target[];
}

/** The file that says what a service is made of. */
export function serviceFile(service: string): string {
  return `apps/services/${service}.ts`;
}

/**
 * The targets of these settings. Throws a {@link SettingsError} for what is wrong in the files of apps/services/, and for two targets that
 * would get into each other's way.
 *
 * @param given what each file exports, by the service's name; services without one are left out
 */
export function projectOf(settings: Settings, given: ReadonlyMap<string, unknown>): Project {
  const targets: Target[] = [];
  const problems: string[] = [];
  const environments = settings.environments.map(({ name }) => name);
  for (const service of settings.services.filter(({ name }) => given.has(name))) {
    const resolved = resolveWorkloads(given.get(service.name), environments);
    problems.push(...resolved.problems.map((problem) => `${serviceFile(service.name)}: ${problem}`));
    for (const environment of settings.environments) {
      const workload = resolved.workloads.get(environment.name);
      const cluster = settings.clusters.find(({ name }) => name === (environment.cluster ?? name));
      if (workload === undefined || cluster === undefined) continue;
      const name = `${service.name}-${environment.name}`;
      const path: TargetPath = `${environment.name}/${service.name}`;
      const namespace = workload.namespace ?? name;
      const common = { name, path, service, environment, cluster, namespace, workload };
      targets.push({ ...common, argoFolder: argoFolderOf(settings, cluster) });
      if (environment.receipts?.required === true && workload.exposure !== undefined && workload.url === undefined) {
        problems.push(
          `${serviceFile(service.name)}: in.${environment.name}.url is missing, and receipts of ${environment.name} in settings.ts are required. Add the address that its requests go to.`,
        );
      }
    }
  }
  problems.push(...collisions(targets), ...hostProblems(settings, targets), ...regionalProblems(gatewaysOf(targets)));
  if (problems.length > 0) throw new SettingsError(problems, undefined, null);
  return { settings, targets };
}

/** Two targets by one name, or in one namespace of a cluster, would prune each other. */
function* collisions(targets: readonly Target[]): Generator<string> {
  const named = new Map<string, Target>();
  const placed = new Map<string, Target>();
  for (const { environment, cluster, name } of gatewaysOf(targets)) {
    const taken = targets.find(
      (one) => one.cluster === cluster && (one.namespace === name || one.service.name === gatewayName),
    );
    if (taken === undefined) continue;
    yield `settings.ts: services.${taken.service.name} is called or placed as the Gateway of ${environment.name}: ${gatewayName} is the name of its folder, and ${name} that of its Application and namespace. Rename the service, or give it another namespace.`;
  }
  for (const target of targets) {
    const place = `${target.cluster.name}/${target.namespace}`;
    const [namesake, sharing] = [named.get(target.name), placed.get(place)];
    named.set(target.name, namesake ?? target);
    placed.set(place, sharing ?? target);
    if (namesake !== undefined) {
      yield `settings.ts: services.${target.service.name} in ${target.environment.name} is the Application ${target.name}, as is ${words(namesake)}. Rename a service or an environment.`;
    } else if (sharing !== undefined) {
      yield `${serviceFile(target.service.name)}: namespace is '${target.namespace}' in ${target.environment.name}, as of ${words(sharing)}, so one would prune the other. Give each its own: in.${target.environment.name}.namespace.`;
    }
  }
}

/** The folder of what a cluster's Argo CD is made of: `argocd`, or a folder in it by the cluster's name where there are several. */
export function argoFolderOf(settings: Pick<Settings, 'clusters'>, cluster: Pick<Cluster, 'name'>): string {
  return `argocd/${clusterFolder(settings, cluster)}`.replace(/\/$/, '');
}

/**
 * The target that a name stands for, of its Application or of an environment, and of a service where one is named; the first web service in the
 * first environment for null: a worker has no requests to lose.
 */
export function namedTarget(
  { settings, targets: all }: Project,
  named: string | null,
  service: string | null,
): Target | undefined {
  const targets = all.filter((target) => service === null || target.service.name === service);
  const web = targets.filter(({ workload }) => workload.exposure !== undefined);
  const wanted = named ?? settings.environments[0]?.name;
  const isIn = ({ environment }: Target): boolean => environment.name === wanted;
  return targets.find(({ name }) => name === named) ?? web.find(isIn) ?? targets.find(isIn);
}

/** Where the Application of a target is. */
export function applicationPath({ argoFolder, name }: Target): string {
  return `${argoFolder}/${name}.yaml`;
}

/** Where the AppProject of a target's service is. No name has a dot, so that no Application can be there. */
export function projectPath({ argoFolder, service }: Target): string {
  return `${argoFolder}/${service.name}.project.yaml`;
}

/** The paths of all targets. */
export function pathsOf({ targets }: Project): readonly TargetPath[] {
  return targets.map(({ path }) => path);
}

function words({ service, environment }: Target): string {
  return `${service.name} in ${environment.name}`;
}

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
