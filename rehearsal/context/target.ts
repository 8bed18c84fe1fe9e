import {
  applicationsPath,
  type Cluster,
  explain,
  type Followed,
  isUnanswered,
  type Observe,
  observeRollout,
  read,
  servicesPath,
} from 'zerodrop/rollout';
import type { Rehearsed } from '../manifests/rehearsed.ts';
import { rolloutNumbers } from '../manifests/timing.ts';
import type { Target } from '../target.ts';
import { ownObjects } from './argo/own-objects.ts';
import { argoNamespace, projectsPath } from './argo/paths.ts';
import type { Shop } from './images/shop.ts';
import { create } from './objects.ts';
import type { Owner } from './owner.ts';
import { takeDown } from './take-down.ts';
import { missesAddress, type ReachedService } from './traffic/addresses.ts';
import { refuseSinglePod } from './traffic/one-pod.ts';
import { reach } from './traffic/reach.ts';

/** What the target of a real cluster is made of. */
export interface ContextStage {
  readonly cluster: Cluster;
  /** The name of the namespace, the Application and its AppProject. */
  readonly own: string;
  readonly owner: Owner;
  readonly rehearsed: Rehearsed;
  readonly branch: string;
  readonly shop: Shop;
  /** Where the service is reached; null to find out. */
  readonly url: string | null;
  readonly keep: boolean;
  /** Makes Argo CD look at the repository. */
  ask(followed: Followed): Promise<void>;
  readonly observe: Observe;
  readonly signal: AbortSignal;
}

/**
 * A real cluster as the target of a play. The AppProject is made at once, long before {@link Target.follow}: Argo CD reads
 * projects from a cache of its own, and an Application whose project is not in there yet is an error.
 */
export async function openTarget(stage: ContextStage): Promise<Target> {
  const { cluster, own, rehearsed, shop, observe } = stage;
  const followed: Followed = {
    namespace: own,
    service: rehearsed.deployment.metadata.name,
    application: own,
    argoNamespace,
  };
  const watching = new AbortController();
  let ended: Promise<void> = Promise.resolve();
  let trouble: string | null = null;
  const { project, application } = ownObjects(rehearsed.rendered, own, stage.branch, stage.owner);
  await create(cluster, projectsPath(argoNamespace), project).catch(async (error: unknown) => {
    // Without an answer it may have been made all the same, and nobody else would take it down.
    if (isUnanswered(error)) await takeDown(cluster, own, false);
    throw error;
  });
  let struck: Promise<void> | null = null;
  return {
    name: `context:${cluster.context}`,
    publish: shop.publish,
    async follow() {
      ({ ended } = await observeRollout(cluster, followed, observe, watching.signal));
      stage.signal.throwIfAborted();
      // Not ended by the signal: a request that was cut off may still be obeyed, after everything was taken down.
      await create(cluster, applicationsPath(argoNamespace), application);
    },
    async refresh() {
      // Asked again in a moment: an API server that is away for a while must not end a play that goes on without it.
      trouble = await stage.ask(followed).then(
        () => null,
        (error: unknown) => `The last refresh failed: ${error instanceof Error ? error.message : String(error)}`,
      );
    },
    async url() {
      if (stage.url === null) return reach(cluster, own, rehearsed.service, stage.signal);
      await refuseSinglePod(stage.url, rolloutNumbers(rehearsed.deployment, 0).replicas, stage.signal);
      return stage.url;
    },
    async explain() {
      const said = [trouble, await unaddressed(cluster, own, rehearsed.service), await explain(cluster, followed)];
      return said.filter((line) => line !== null && line !== '').join('\n');
    },
    async strike() {
      watching.abort();
      await ended;
      await (struck ??= takeDown(cluster, own, stage.keep));
    },
  };
}

async function unaddressed(cluster: Cluster, namespace: string, service: string): Promise<string | null> {
  const found = await read<ReachedService>(cluster, `${servicesPath(namespace)}/${service}`).catch(() => null);
  return found === null ? null : missesAddress(found);
}
