import type { GoogleSettings } from './google.ts';
import { resolveGoogle } from './google/resolve.ts';
import type { Problem } from './sentences.ts';

/** What the checks across services, environments and clusters read of them. */
interface Named {
  readonly services: readonly { readonly name: string; readonly image: string }[];
  readonly environments: readonly { readonly name: string; readonly after?: string; readonly cluster?: string }[];
  readonly clusters: readonly { readonly name: string; readonly google: GoogleSettings }[];
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
  // A list that names one twice is told that, and nothing that follows from it.
  if (clusterNames.length < clusters.length) return;
  yield* sharedNames(clusters);
  if (clusters.length > 1 && environments.every(({ cluster }) => cluster !== undefined)) yield* idleClusters(settings);
}

/** With several clusters, each has something to run: the rights in a cluster are granted by the names of its namespaces. */
function* idleClusters({ environments, clusters }: Named): Generator<Problem> {
  for (const [index, { name }] of clusters.entries()) {
    if (environments.some(({ cluster }) => cluster === name)) continue;
    const message = `has no environment. Write cluster: '${name}' into one, or remove the cluster.`;
    yield { path: ['clusters', index], message };
  }
}

/** What is made of two clusters by one name: either would change the other's. */
function* sharedNames(clusters: Named['clusters']): Generator<Problem> {
  const made = clusters.map((cluster) => ({ cluster: cluster.name, ...resolveGoogle(cluster.google) }));
  for (const [index, { name, project, stateBucket, argocd }] of made.entries()) {
    const before = made.slice(0, index);
    const path = (...keys: readonly string[]) => ['clusters', index, 'google', ...keys];
    const namesake = before.find((one) => one.name === name && one.project === project);
    if (namesake !== undefined) {
      const message = `is '${name}', as that of ${namesake.cluster}, and both are in project ${project}: they would be one cluster with one state. Write another name.`;
      yield { path: path('name'), message };
      continue;
    }
    const sharing = before.find((one) => one.stateBucket === stateBucket);
    if (sharing !== undefined) {
      const message = `is '${stateBucket}', as that of ${sharing.cluster}, so one would overwrite the other's state. Name another bucket.`;
      yield { path: path('stateBucket'), message };
    }
    const neighbour = before.find((one) => argocd.domain !== null && one.argocd.domain === argocd.domain);
    if (neighbour !== undefined) {
      const message = `, as that of ${neighbour.cluster}, but each cluster has an Argo CD of its own. Write another host name.`;
      yield { path: path('argocd', 'domain'), message };
    }
  }
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
      message: `, which makes a circle: ${[...ring, name].join(' after ')}. Leave after out where releases come in from the build.`,
    };
  }
}

function afterOf(environments: Named['environments'], name: string): string | undefined {
  return environments.find((one) => one.name === name)?.after;
}

const artifactRegistry = '-docker.pkg.dev';

/** An image that a cluster's nodes may not pull: of a project that has no cluster, or of a repository that no stack makes. */
function* foreignImages({ services, clusters }: Named): Generator<Problem> {
  const [cluster] = clusters;
  const made = new Map<string, string>();
  for (const [index, { image }] of services.entries()) {
    const [host = '', project = '', repository = ''] = image.split('/');
    const owner = clusters.find(({ google }) => google.project === project);
    if (cluster === undefined || !host.endsWith(artifactRegistry)) continue;
    const path = ['services', index, 'image'];
    if (owner === undefined) {
      const { name, region, project: own } = resolveGoogle(cluster.google);
      const message = `, which is not in project ${own}, so its nodes may not pull it. Begin it with ${region}${artifactRegistry}/${own}/${name}/, or change clusters.${cluster.name}.google.project.`;
      yield { path, message };
      continue;
    }
    const place = `${host}/${project}/${repository}`;
    const other = made.get(project) ?? place;
    made.set(project, other);
    if (other === place) continue;
    const message = `, which is in another repository than the images before it, so the nodes may not pull it. Begin it with ${other}/.`;
    yield { path, message };
  }
}
