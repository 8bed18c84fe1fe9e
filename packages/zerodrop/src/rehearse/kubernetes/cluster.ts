import { type Cluster, connect, isUnanswered, read } from '../../rollout/kubernetes/api.ts';
import { askForRefresh } from '../../rollout/kubernetes/application.ts';
import { explain } from '../../rollout/kubernetes/explain.ts';
import { applicationsPath, type Followed, servicesPath } from '../../rollout/kubernetes/objects.ts';
import { observeRollout } from '../../rollout/kubernetes/observe.ts';
import type { Observe } from '../../rollout/observation.ts';
import type { Target, Venue } from '../cluster.ts';
import type { Rehearsed } from '../manifests/rehearsed.ts';
import { rolloutNumbers } from '../manifests/timing.ts';
import { isAlive, type Scratch } from '../scratch.ts';
import { ownObjects, pingWebhook, requireArgoCd, tellPush, type Webhook } from './argo-cd.ts';
import { scratchSource, type Source, upstreamSource } from './git.ts';
import { buildingShop, givenShop, type Shop } from './images.ts';
import { argoNamespace, create, projectsPath } from './objects.ts';
import type { ContextOptions } from './options.ts';
import { type Names, type Owner, playNames, randomSuffix, thisProcess } from './owner.ts';
import { namespaceByHand, removeStalePlays, takeDown } from './take-down.ts';
import { missesAddress, reach, type ReachedService, refuseSinglePod } from './traffic.ts';

/** What a play brings to a real cluster. */
export interface Visit {
  readonly options: ContextOptions;
  readonly scratch: Scratch;
  /** The name of the Deployment. */
  readonly service: string;
  /** A folder of the play's own. */
  readonly folder: string;
  /** The user's environment, which git and the builder are configured by. */
  readonly environment: NodeJS.ProcessEnv;
  readonly observe: Observe;
  /** Tells a person what happens. */
  say(what: string): void;
  readonly signal: AbortSignal;
}

/**
 * Prepares a play on the cluster of a kubeconfig context. What can be wrong is found out here as far as it can be, before
 * anything is built or made. Throws a sentence.
 */
export async function openContext(visit: Visit): Promise<Venue> {
  const { options, scratch, say } = visit;
  const cluster = await connect(options.context);
  await requireArgoCd(cluster);
  const webhook = options.webhook === null ? null : { url: options.webhook, secret: options.webhookSecret };
  if (webhook !== null) await pingWebhook(webhook);
  const owner = thisProcess();
  for (const stale of await removeStalePlays(cluster, owner.place, isAlive))
    say(`removed ${stale}, left by a killed run`);

  if (options.poll) say("waiting for Argo CD's own polling, which takes three minutes and more");
  const names = playNames(visit.service, randomSuffix());
  const shop = await openShop(visit, names);
  const source = await openSource(visit, names);
  let commit = scratch.revision;
  return {
    place: { repository: source.repository, namespace: names.own, expose: options.expose },
    async deliver(pushed) {
      commit = pushed;
      await source.deliver();
    },
    open: async (rehearsed) =>
      openTarget({
        cluster,
        own: names.own,
        owner,
        rehearsed,
        branch: source.branch,
        shop,
        url: options.url,
        keep: options.keep,
        ask: asking(cluster, options, webhook, () => ({ ...source, commit })),
        observe: visit.observe,
        signal: visit.signal,
      }),
    async strike() {
      await source.close();
      if (options.keep) say(`kept: remove it by ${namespaceByHand(cluster.context, names.own)}`);
    },
  };
}

async function openShop(
  { options, scratch, service, folder, environment, say, signal }: Visit,
  names: Names,
): Promise<Shop> {
  const { images } = options;
  if ('given' in images) return givenShop(images.given);
  const where = { directory: scratch.directory, environment, say, signal };
  return buildingShop(where, images.registry, service, names.suffix, folder);
}

async function openSource({ options, scratch, environment, signal }: Visit, { own }: Names): Promise<Source> {
  return options.repository === null
    ? scratchSource(scratch, own, options.gitHost, environment)
    : upstreamSource(scratch, own, options.repository, environment, signal);
}

/** How Argo CD is made to look: by the annotation, by its webhook, or not at all. */
function asking(
  cluster: Cluster,
  { poll }: ContextOptions,
  webhook: Webhook | null,
  newest: () => Source & { readonly commit: string },
): ContextStage['ask'] {
  if (poll) return async () => undefined;
  if (webhook !== null) return async () => tellPush(webhook, newest());
  return async (followed) => askForRefresh(cluster, followed);
}

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
