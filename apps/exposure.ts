import { createHash } from 'node:crypto';
import { resolveGoogle } from '../settings/google/resolve.ts';
import type { Cluster, Environment, Settings } from '../settings/settings.ts';
import type { TargetPath } from './pins.ts';
import type { Workload } from './workload/schema.ts';

/** The folder, the AppProject and the Gateway of every environment are called so; no service may be. */
export const gatewayName = 'gateway';

/** The label of the namespaces whose routes a Gateway takes, with the environment as its value. */
export const gatewayLabel = 'zerodrop/gateway';

/** What of a target decides how it is reached. */
interface Reached {
  readonly name: string;
  readonly service: { readonly name: string };
  readonly environment: Environment;
  readonly cluster: Cluster;
  readonly argoFolder: string;
  readonly workload: Workload;
}

/** The load balancer of an environment that its services share. */
export interface Gateway {
  /** Of its Application and its namespace. */
  readonly name: string;
  readonly path: TargetPath;
  readonly environment: Environment;
  readonly cluster: Cluster;
  readonly argoFolder: string;
  readonly scope: 'global' | 'regional';
  /** The reserved address and, where it is global, the map of certificates: as the platform stack makes them. */
  readonly address: string;
  /** A certificate for each host name. */
  readonly certificates: readonly Certificate[];
}

/** A certificate that Google signs and renews. */
export interface Certificate {
  readonly host: string;
  readonly name: string;
}

/** What is asked of an environment's Gateway before it is known. */
type Place = Pick<Reached, 'environment' | 'cluster'>;

/** The name of the Gateway's Application and of its namespace. */
export function gatewayPlace({ environment }: Pick<Reached, 'environment'>): string {
  return `${gatewayName}-${environment.name}`;
}

// Google's names have at most 63 characters, and what is cut off is told apart by a hash.
const longestName = 63;
const hashLength = 8;

/** The name of something at Google that belongs to a cluster and to these. */
function googleName({ cluster }: Place, ...parts: readonly string[]): string {
  const whole = [resolveGoogle(cluster.google).name, ...parts].join('-');
  const plain = whole.replaceAll('.', '-');
  if (plain === whole && whole.length <= longestName) return whole;
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, hashLength);
  return `${plain.slice(0, longestName - hashLength - 1).replace(/-+$/, '')}-${hash}`;
}

/** The reserved address of a target's own load balancer; null where it has none, or chooses another kind by itself. */
export function targetAddress(target: Reached): string | null {
  const { exposure } = target.workload;
  return exposure === 'load-balancer' && !choosesBalancer(target) ? googleName(target, target.name) : null;
}

/** Whether an annotation of the owner's says which load balancer Google makes. */
function choosesBalancer({ workload }: Pick<Reached, 'workload'>): boolean {
  const annotations = workload.exposure === undefined ? {} : (workload.serviceAnnotations ?? {});
  return Object.keys(annotations).some((key) =>
    /^(?:networking\.gke\.io\/load-balancer-type|cloud\.google\.com\/(?:load-balancer-type|l4-rbs))$/.test(key),
  );
}

/** The Gateways of these targets, one for each environment that has a service behind one. */
export function gatewaysOf(targets: readonly Reached[]): readonly Gateway[] {
  const behind = targets.filter(({ workload }) => workload.exposure === 'gateway');
  const environments = new Map(behind.map((target) => [target.environment.name, target]));
  return [...environments.values()].map((first) => {
    const { environment, cluster, argoFolder } = first;
    const hosts = behind.filter((target) => target.environment === environment).flatMap(hostsOf);
    return {
      name: gatewayPlace(first),
      path: `${environment.name}/${gatewayName}`,
      environment,
      cluster,
      argoFolder,
      scope: environment.gateway ?? 'global',
      address: googleName(first, gatewayPlace(first)),
      certificates: [...new Set(hosts)].map((host) => ({ host, name: googleName(first, host) })),
    };
  });
}

function hostsOf({ workload }: Reached): readonly string[] {
  return workload.exposure === 'gateway' ? (workload.hosts ?? []) : [];
}

/** Where a service is at its hosts: a prefix of the path. */
function pathOf({ workload }: Reached): string {
  return workload.exposure === 'gateway' ? (workload.path ?? '/') : '/';
}

/** What can't be between the host names of services, of environments and of Argo CD: one name leads to one load balancer. */
export function* hostProblems(settings: Settings, targets: readonly Reached[]): Generator<string> {
  const seen = new Map<string, Reached>();
  for (const target of targets) {
    for (const host of hostsOf(target)) {
      const where = `apps/services/${target.service.name}.ts: hosts has '${host}' in ${target.environment.name}`;
      const argoCd = settings.clusters.find(({ google }) => google.argocd?.domain === host);
      if (argoCd !== undefined) {
        yield `${where}, which is clusters.${argoCd.name}.google.argocd.domain, where Argo CD is. Choose another host name.`;
        continue;
      }
      const first = seen.get(host);
      seen.set(host, first ?? target);
      if (first !== undefined && first.environment !== target.environment) {
        yield `${where}, as in ${first.environment.name}, but a host name leads to one environment's Gateway. Choose another for one of them: in.${target.environment.name}.hosts.`;
        continue;
      }
      const same = seen.get(`${host} ${pathOf(target)}`);
      seen.set(`${host} ${pathOf(target)}`, same ?? target);
      if (same !== undefined) {
        yield `${where} at the path ${pathOf(target)}, as ${same.service.name} has, so requests would reach one of them only. Give one of them another host or path.`;
      }
    }
  }
}

/** What can't be of a regional Gateway: its proxies need addresses of the network. */
export function* regionalProblems(gateways: readonly Gateway[]): Generator<string> {
  for (const { scope, cluster, environment } of gateways) {
    if (scope !== 'regional' || cluster.google.network?.proxies !== undefined) continue;
    yield `settings.ts: clusters.${cluster.name}.google.network.proxies is missing, but the regional Gateway of ${environment.name} needs a range for Google's proxies. Write one such as '10.11.0.0/23'.`;
  }
}
