import type { Project } from '../../apps/project.ts';
import type { WebService } from '../../apps/workload/schema.ts';
import { type ClusterProject, clustersOf } from '../../cluster/cluster-project.ts';
import { compose, prepareCluster, stacksOf, type Written } from '../../cluster/synthesize.ts';
import { type Json, type JsonObject, type Stacks, at, isObject } from '../../cluster/terraform-json.ts';
import { assertSettings } from '../../settings/define.ts';
import type { GoogleSettings } from '../../settings/google.ts';
import { type Settings, firstOf } from '../../settings/settings.ts';
import { projectWith } from '../settings/sample.ts';

const sampleImage = 'asia-southeast2-docker.pkg.dev/example-project/zerodrop/web';
const behindGateway: WebService = {
  slo: { availability: 99.9, latencyMs: 500 },
  url: 'https://www.example.com',
  exposure: 'gateway',
  hosts: ['www.example.com', 'a-b.example.com'],
};
const github = { ownerId: '1', repositoryId: '2', app: { id: '33', installationId: '44' } };

/** Settings by what they are for: each size as it comes, and one with every choice made. */
export const samples = {
  production: sample({}),
  demo: sample({ size: 'demo' }),
  everything: sample(
    {
      network: { proxies: '10.11.0.0/23' },
      github,
      argocd: {
        domain: 'argocd.example.com',
        singleSignOn: { organisation: 'example', adminTeam: 'platform', clientId: 'Iv1.0123456789abcdef' },
      },
      alertEmail: 'oncall@example.com',
      budget: { billingAccount: '000000-000000-000000', projectNumber: '123456789012', monthlyAmount: 500 },
    },
    sampleImage,
    behindGateway,
    'regional',
  ),
};

/** How a service is reached from outside, each way. */
export const exposed = {
  balancer: sample({}, sampleImage, { exposure: 'load-balancer' }),
  gateway: sample({}, sampleImage, behindGateway),
  regional: sample({ network: { proxies: '10.11.0.0/23' } }, sampleImage, behindGateway, 'regional'),
};

/** Settings with these Google settings beside the project and the region, and a service with these values. */
export function sample(
  google: Partial<GoogleSettings>,
  image = sampleImage,
  web: WebService = { exposure: 'cluster-ip' },
  gateway: 'global' | 'regional' = 'global',
): Project {
  const settings: Settings = {
    repository: 'https://github.com/example/zerodrop',
    services: [{ name: 'web', image }],
    environments: [{ name: 'production', gateway }],
    clusters: [{ name: 'main', google: { project: 'example-project', region: 'asia-southeast2', ...google } }],
  };
  assertSettings(settings);
  return projectWith(web, settings);
}

/** The Google settings of its one cluster. */
export function googleOf({ settings }: Project): GoogleSettings {
  return firstOf(settings.clusters).google;
}

/** Its first cluster. */
export function clusterOf(project: Project): ClusterProject {
  return firstOf(clustersOf(project));
}

/** The stacks that the first cluster of the settings is synthesized to. */
export function stacksFor(project: Project): Stacks {
  return stacksOf(compose(clusterOf(project)));
}

/** Writes the stacks and their snapshots. */
export async function synthesize(project: Project, directory: string): Promise<Written> {
  return (await prepareCluster(project, directory))();
}

/** One block of a stack by its address. Throws where there is none. */
export function block(stacks: Stacks, stack: string, address: string): JsonObject {
  const found = at(stacks.get(stack), address.startsWith('data.') ? address : `resource.${address}`);
  if (!isObject(found)) throw new Error(`no ${address} in ${stack}`);
  return found;
}

function set(value: Json | undefined, [key = '', ...rest]: readonly string[], to: Json | undefined): Json {
  if (Array.isArray(value)) {
    const items: readonly Json[] = value;
    const replaced = rest.length === 0 ? to : set(items[Number(key)], rest, to);
    return items.flatMap((item, index) => (String(index) === key ? (replaced ?? []) : [item]));
  }
  const entries = isObject(value) ? value : {};
  const next = rest.length === 0 ? to : set(entries[key], rest, to);
  const kept = Object.entries(entries).filter(([name]) => name !== key);
  return Object.fromEntries(next === undefined ? kept : [...kept, [key, next]]);
}

/** The same stacks with one value of one stack changed, at a path as in `resource.type.name.0.field`; undefined takes it away. */
export function changed(stacks: Stacks, stack: string, path: string, to: Json | undefined): Stacks {
  const json = set(stacks.get(stack), path.split('.'), to);
  return new Map([...stacks, [stack, isObject(json) ? json : {}]]);
}
