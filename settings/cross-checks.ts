import type { GoogleSettings } from './google.ts';
import { resolveGoogle } from './google/resolve.ts';

/** What the checks across services, environments and clusters read of them. */
interface Named {
  readonly services: readonly { readonly name: string; readonly image: string }[];
  readonly environments: readonly { readonly name: string; readonly after?: string; readonly cluster?: string }[];
  readonly clusters: readonly { readonly name: string; readonly google: GoogleSettings }[];
}

/** A problem, and the setting that it is about. */
interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What services, environments and clusters say of each other that can't be: each of them by itself is right. */
export function* crossProblems(settings: Named): Generator<Problem> {
  const { environments, clusters } = settings;
  const known = environments.map(({ name }) => name);
  const clusterNames = [...new Set(clusters.map(({ name }) => name))];
  for (const [index, { after, cluster }] of environments.entries()) {
    if (after !== undefined && !known.includes(after)) {
      yield {
        path: ['environments', index, 'after'],
        message: `, which is no environment. Use one of ${known.join(', ')}, or leave it out.`,
      };
    }
    if (cluster !== undefined && !clusterNames.includes(cluster)) {
      yield {
        path: ['environments', index, 'cluster'],
        message: `, which is no cluster. Use one of ${clusterNames.join(', ')}.`,
      };
    } else if (cluster === undefined && clusterNames.length > 1) {
      yield {
        path: ['environments', index, 'cluster'],
        message: `, but there are several clusters. Use one of ${clusterNames.join(', ')}.`,
      };
    }
  }
  yield* rings(environments);
  yield* foreignImages(settings);
}

/** Each ring once, at its environment that comes first in the settings. */
function* rings(environments: Named['environments']): Generator<Problem> {
  const reported = new Set<string>();
  for (const [index, { name }] of environments.entries()) {
    const ring = [name];
    let next = afterOf(environments, name);
    while (next !== undefined && !ring.includes(next)) {
      ring.push(next);
      next = afterOf(environments, next);
    }
    if (next !== name || reported.has(name)) continue;
    for (const one of ring) reported.add(one);
    yield {
      path: ['environments', index, 'after'],
      message: `, which makes a ring: ${[...ring, name].join(' after ')}. Leave after out where releases come in from the build.`,
    };
  }
}

function afterOf(environments: Named['environments'], name: string): string | undefined {
  return environments.find((one) => one.name === name)?.after;
}

const artifactRegistry = '-docker.pkg.dev';

/** An image in another project than a cluster's: its nodes may not pull it. */
function* foreignImages({ services, clusters }: Named): Generator<Problem> {
  const [cluster] = clusters;
  for (const [index, { image }] of services.entries()) {
    const [host = '', project] = image.split('/');
    const isOwn = clusters.some(({ google }) => google.project === project);
    if (cluster === undefined || isOwn || !host.endsWith(artifactRegistry)) continue;
    const { name, region, project: own } = resolveGoogle(cluster.google);
    yield {
      path: ['services', index, 'image'],
      message: `, which is not in project ${own}, so its nodes may not pull it. Begin it with ${region}${artifactRegistry}/${own}/${name}/, or change clusters.${cluster.name}.google.project.`,
    };
  }
}
