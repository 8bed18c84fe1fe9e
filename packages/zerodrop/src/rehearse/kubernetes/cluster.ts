import { type Cluster, connect, isUnanswered, read } from '../../rollout/kubernetes/api.ts';
import { explain } from '../../rollout/kubernetes/explain.ts';
import {
  applicationsPath,
  askForRefresh,
  deploymentsPath,
  type Followed,
  type FollowedApplication,
  labelSelector,
  servicesPath,
} from '../../rollout/kubernetes/objects.ts';
import { observeRollout } from '../../rollout/kubernetes/observe.ts';
import type { Observe } from '../../rollout/watch.ts';
import type { ClusterRequest, RehearsalCluster } from '../cluster.ts';
import { takeAllDown } from '../cluster.ts';
import { at } from '../manifests/object.ts';
import { type Rehearsed, rolloutNumbers } from '../manifests/rehearsed.ts';
import { isAlive } from '../scratch.ts';
import { ownObjects, pingWebhook, requireArgoCd, tellPush, type Webhook } from './argo-cd.ts';
import { builtImageSource, givenImageSource, type ImageSource } from './build.ts';
import { disturbances, type OwnCluster } from './disturb.ts';
import { scratchSource, type Source, upstreamSource } from './git.ts';
import type { ContextOptions } from './options.ts';
import {
  argoNamespace,
  create,
  type Names,
  namespaceByHand,
  type Owner,
  playNames,
  projectsPath,
  randomSuffix,
  removeStalePlays,
  takeDown,
  thisProcess,
} from './owner.ts';
import { missesAddress, reach, reachByProxy, type ReachedService, refuseSinglePod } from './traffic.ts';

/**
 * Opens the cluster of a kubeconfig context. What can be wrong is found out here as far as it can be, before anything is built or made.
 * Throws a sentence.
 */
export async function openKubernetes(request: ClusterRequest, options: ContextOptions): Promise<RehearsalCluster> {
  const { scratch, say } = request;
  const cluster = await connect(options.context);
  await requireArgoCd(cluster);
  const webhook = options.webhook === null ? null : { url: options.webhook, secret: options.webhookSecret };
  if (webhook !== null) await pingWebhook(webhook);
  const owner = thisProcess();
  for (const stale of await removeStalePlays(cluster, owner.place, isAlive))
    say(`removed ${stale}, left by a killed run`);

  if (options.poll) say("waiting for Argo CD's own polling, which takes three minutes and more");
  const names = playNames(request.service, randomSuffix());
  const images = await openImages(request, options, names);
  const source = await openSource(request, options, names);
  let commit = scratch.revision;
  const closeSource = async (): Promise<void> => {
    await source.close();
    if (options.keep) say(`kept: remove it by ${namespaceByHand(cluster.context, names.own)}`);
  };
  try {
    const opened = await startOn({
      cluster,
      own: names.own,
      owner,
      rehearsed: (await request.write({ repository: source.repository, namespace: names.own, expose: options.expose }))
        .before.rehearsed,
      branch: source.branch,
      images,
      url: options.url,
      proxy: proxyOf(request),
      keep: options.keep,
      ownCluster: options.ownCluster,
      remote: scratch.remote,
      ask: asking(cluster, options, webhook, () => ({ ...source, commit })),
      observe: request.observe,
      signal: request.signal,
    });
    return {
      ...opened,
      async deliver(pushed) {
        commit = pushed;
        await source.deliver();
      },
      close: async () => takeAllDown([opened.close, closeSource]),
    };
  } catch (error) {
    await closeSource();
    throw error;
  }
}

async function openImages(
  { scratch, service, folder, environment, say, signal }: ClusterRequest,
  { images }: ContextOptions,
  names: Names,
): Promise<ImageSource> {
  if ('given' in images) return givenImageSource(images.given);
  const where = { directory: scratch.directory, environment, say, signal };
  return builtImageSource(where, images.registry, service, names.suffix, folder);
}

async function openSource(
  { scratch, environment, signal }: ClusterRequest,
  options: ContextOptions,
  { own }: Names,
): Promise<Source> {
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
): Started['ask'] {
  if (poll) return async () => undefined;
  if (webhook !== null) return async () => tellPush(webhook, newest());
  return async (application) => askForRefresh(cluster, application);
}

/** The proxy that is asked for. A route of a real cluster has the cluster's own, so none is put there unasked. */
function proxyOf({ options: { proxy, endpointLagMs }, folder }: ClusterRequest): StartedProxy | null {
  return proxy === null || proxy === 'none' ? null : { program: proxy, folder, lagMs: endpointLagMs };
}

interface StartedProxy {
  readonly program: string;
  readonly folder: string;
  readonly lagMs: number;
}

/** What the target of a real cluster is made of. */
export interface Started {
  readonly cluster: Cluster;
  /** The name of the namespace, the Application and its AppProject. */
  readonly own: string;
  readonly owner: Owner;
  readonly rehearsed: Rehearsed;
  readonly branch: string;
  readonly images: ImageSource;
  /** Where the service is reached; null to find out. */
  readonly url: string | null;
  /** The proxy that requests pass; null where they go to the Service. */
  readonly proxy: StartedProxy | null;
  readonly keep: boolean;
  readonly ownCluster: OwnCluster | null;
  /** The bare repository of the play. */
  readonly remote: string;
  /** Makes Argo CD look at the repository. */
  ask(application: FollowedApplication): Promise<void>;
  readonly observe: Observe;
  readonly signal: AbortSignal;
}

/**
 * A play on a real cluster. The AppProject is made at once, long before {@link RehearsalCluster.follow}: Argo CD reads
 * projects from a cache of its own, and an Application whose project is not in there yet is an error.
 */
export async function startOn(started: Started): Promise<Omit<RehearsalCluster, 'deliver'>> {
  const { cluster, own, rehearsed, images, observe } = started;
  const followed: Followed = {
    namespace: own,
    deployment: {
      name: rehearsed.deployment.metadata.name,
      selector: labelSelector(at(rehearsed.deployment, 'spec', 'selector')),
      service: rehearsed.service,
    },
    application: { name: own, namespace: argoNamespace },
  };
  const watching = new AbortController();
  let ended: Promise<void> = Promise.resolve();
  let trouble: string | null = null;
  const { project, application } = ownObjects(rehearsed.rendered, own, started.branch, started.owner);
  await create(cluster, projectsPath(argoNamespace), project).catch(async (error: unknown) => {
    // Without an answer it may have been made all the same, and nobody else would take it down.
    if (isUnanswered(error)) await takeDown(cluster, own, false);
    throw error;
  });
  let closing: Promise<void> | null = null;
  let proxied: ReturnType<typeof reachByProxy> | null = null;
  return {
    name: `context:${cluster.context}`,
    proxy: started.proxy?.program ?? null,
    publish: images.publish,
    async follow() {
      ({ ended } = await observeRollout(cluster, followed, observe, watching.signal));
      started.signal.throwIfAborted();
      // Not ended by the signal: a request that was cut off may still be obeyed, after everything was taken down.
      await create(cluster, applicationsPath(argoNamespace), application);
    },
    async refresh() {
      // Asked again in a moment: an API server that is away for a while must not end a play that goes on without it.
      trouble = await started.ask({ name: own, namespace: argoNamespace }).then(
        () => null,
        (error: unknown) => `The last refresh failed: ${error instanceof Error ? error.message : String(error)}`,
      );
    },
    async url() {
      if (started.proxy !== null) {
        const { service, health } = rehearsed;
        const behind = { ...started.proxy, namespace: own, service, health, signal: watching.signal };
        proxied ??= reachByProxy(cluster, behind);
        return (await proxied).url;
      }
      if (started.url === null) return reach(cluster, own, rehearsed.service, started.signal);
      await refuseSinglePod(
        started.url,
        rehearsed.autoscaler?.min ?? rolloutNumbers(rehearsed.deployment, 0).replicas,
        started.signal,
      );
      return started.url;
    },
    async scale(replicas) {
      await cluster.request({
        method: 'PATCH',
        path: `${deploymentsPath(own)}/${rehearsed.deployment.metadata.name}/scale`,
        contentType: 'application/merge-patch+json',
        body: JSON.stringify({ spec: { replicas } }),
      });
    },
    disturb: disturbances(started, own, watching.signal),
    async explain() {
      const said = [trouble, await unaddressed(cluster, own, rehearsed.service), await explain(cluster, followed)];
      return said.filter((line) => line !== null && line !== '').join('\n');
    },
    async close() {
      watching.abort();
      (await proxied?.catch(() => null))?.end();
      await ended;
      await (closing ??= takeDown(cluster, own, started.keep));
    },
  };
}

async function unaddressed(cluster: Cluster, namespace: string, service: string): Promise<string | null> {
  const found = await read<ReachedService>(cluster, `${servicesPath(namespace)}/${service}`).catch(() => null);
  return found === null ? null : missesAddress(found);
}
