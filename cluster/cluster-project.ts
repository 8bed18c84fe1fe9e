import { argoFolderOf, type Project, type Target } from '../apps/project.ts';
import { repositoryPage } from '../github/address.ts';
import { type Google, resolveGoogle } from '../settings/google/resolve.ts';
import { clusterFolder } from '../settings/settings.ts';
import { type ImageRepository, imageRepository } from './constructs/registry.ts';
import { email } from './identities.ts';

/** What the stacks of one cluster are made from. */
export interface ClusterProject {
  /** As settings.ts names it. */
  readonly name: string;
  readonly google: Google;
  /** The repository that its Argo CD reads, and the folder there with its projects and applications. */
  readonly repository: string;
  readonly argoFolder: string;
  /** What runs on it. */
  readonly targets: readonly Target[];
  /** The registry that it makes; null where the images are elsewhere, or another cluster of the same project makes it. */
  readonly registry: ImageRepository | null;
  /** The nodes of the other clusters, which pull from that registry too: their accounts by the cluster's name. */
  readonly otherNodes: Readonly<Record<string, string>>;
  /** The folder of its files in cdktf.out/ and in cluster/snapshots/: empty for an only cluster. */
  readonly folder: string;
}

/** Each cluster of the settings, with what is on it. */
export function clustersOf({ settings, targets }: Project): readonly ClusterProject[] {
  // Without a repository at GitHub no workflow signs, and nothing would be admitted.
  const isSigned = repositoryPage(settings.repository) !== null;
  const made = settings.clusters.map((cluster) => {
    const google = resolveGoogle(cluster.google);
    return { cluster, google: isSigned ? google : { ...google, admission: 'off' as const } };
  });
  return made.map(({ cluster, google }) => {
    // Two clusters in one project would both make it.
    const isFirst = made.find((one) => one.google.project === google.project)?.cluster === cluster;
    const images = settings.services.map(({ image }) => imageRepository(image, google));
    const registry = (isFirst ? images.find((repository) => repository !== null) : null) ?? null;
    const others = made.filter((one) => one.cluster !== cluster);
    return {
      name: cluster.name,
      google,
      repository: settings.repository,
      argoFolder: argoFolderOf(settings, cluster),
      targets: targets.filter((target) => target.cluster.name === cluster.name),
      registry,
      otherNodes: Object.fromEntries(
        registry === null ? [] : others.map((one) => [one.cluster.name, email(one.google, 'nodes')]),
      ),
      folder: clusterFolder(settings, cluster),
    };
  });
}
