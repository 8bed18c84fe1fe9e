import { repositoryPage } from '../github/address.ts';
import type { GoogleSettings } from './google.ts';
import { resolveGoogle } from './google/resolve.ts';
import { didYouMean, type Problem } from './sentences.ts';

/** What the checks across services, environments and clusters read of them. */
interface Named {
  readonly repository: string;
  readonly services: readonly { readonly name: string; readonly image: string }[];
  readonly environments: readonly { readonly name: string; readonly after?: string; readonly cluster?: string }[];
  readonly clusters: readonly { readonly name: string; readonly google: GoogleSettings }[];
}

/** What services, environments and clusters say of each other that can't be: each of them by itself is right. */
export function* crossProblems(settings: Named): Generator<Problem> {
  const { environments, clusters } = settings;
  const known = [...new Set(environments.map(({ name }) => name))];
  const clusterNames = [...new Set(clusters.map(({ name }) => name))];
  for (const [index, { after, cluster }] of environments.entries()) {
    if (after !== undefined && !known.includes(after)) {
      yield {
        path: ['environments', index, 'after'],
        message: `, but there is no such environment.${didYouMean(after, known)} Use one of ${known.join(', ')}, or leave it out.`,
      };
    }
    if (cluster !== undefined && !clusterNames.includes(cluster)) {
      yield {
        path: ['environments', index, 'cluster'],
        message: `, but there is no such cluster.${didYouMean(cluster, clusterNames)} Use one of ${clusterNames.join(', ')}.`,
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
  yield* unsigned(settings);
  // A list that names one twice is told that, and nothing that follows from it.
  if (clusterNames.length < clusters.length) return;
  yield* sharedNames(clusters);
  if (clusters.length > 1 && environments.every(({ cluster }) => cluster !== undefined)) yield* idleClusters(settings);
}

/** A cluster that asks for signatures that nobody makes. */
function* unsigned({ repository, clusters }: Named): Generator<Problem> {
  if (repositoryPage(repository) !== null) return;
  for (const [index, { google }] of clusters.entries()) {
    if (google.admission === undefined || google.admission === 'off') continue;
    const message = ', but repository is not at GitHub, so no workflow there signs images. Leave it out.';
    yield { path: ['clusters', index, 'google', 'admission'], message };
  }
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

/** The project in the settings that the repository comes with. */
export const exampleProject = 'example-project';

/** Whether a repository is of the owner that the repository comes with. */
export function isExampleRepository(repository: string): boolean {
  return /[/:]example\/[^/]+\/?$/.test(repository);
}

/** What says who the owner is. */
type Owned = Pick<Named, 'repository' | 'services' | 'clusters'>;

/** A setting that says who the owner is. */
interface Identity {
  readonly path: string;
  readonly value: string;
  readonly isExample: boolean;
  /** What comes of it when the example's value stays, and how to find the own one. */
  readonly advice: string;
}

/**
 * A sentence for each setting that is still the example's while others are the owner's. Terraform and Argo CD would then work for
 * somebody else: the example's names and numbers belong to strangers. Nothing where all are the example's, or none is.
 */
export function leftFromExample(settings: Owned): string[] {
  const all = identities(settings);
  const own = all.find(({ isExample }) => !isExample);
  if (own === undefined) return [];
  return all
    .filter(({ isExample }) => isExample)
    .map(
      ({ path, value, advice }) =>
        `${path} is still '${value}', the example's, but ${own.path} is yours ('${own.value}'). ${advice}`,
    );
}

function identities({ repository, services, clusters }: Owned): readonly Identity[] {
  return [
    {
      path: 'repository',
      value: repository,
      isExample: isExampleRepository(repository),
      advice: 'Argo CD would follow the repository of somebody else. Write the address of yours.',
    },
    ...services.map(({ name, image }) => {
      const [, owner = ''] = image.split('/');
      return {
        path: `services.${name}.image`,
        value: image,
        isExample: owner === 'example' || owner === exampleProject,
        advice: 'You cannot push images there. Write an image repository of yours.',
      };
    }),
    ...clusters.flatMap(({ name, google }) => googleIdentities(`clusters.${name}.google`, google)),
  ];
}

function googleIdentities(path: string, { project, github }: GoogleSettings): readonly Identity[] {
  const numbers = `The workflows of that repository would get your rights. Ask GitHub for your numbers: gh api repos/OWNER/NAME --jq '.owner.id, .id'. Or leave ${path}.github out.`;
  const own = {
    path: `${path}.project`,
    value: project,
    isExample: project === exampleProject,
    advice:
      'Terraform would keep its state in the bucket of somebody else. Write the id of your project (gcloud projects list), or the id that you are going to create.',
  };
  if (github === undefined) return [own];
  const { ownerId, repositoryId } = github;
  return [
    own,
    { path: `${path}.github.ownerId`, value: ownerId, isExample: ownerId === '1', advice: numbers },
    { path: `${path}.github.repositoryId`, value: repositoryId, isExample: repositoryId === '2', advice: numbers },
  ];
}
