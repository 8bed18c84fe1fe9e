import { askForRefresh, type Cluster, connect, type Observe } from 'zerodrop/rollout';
import { isAlive } from '../scratch/folder.ts';
import type { Scratch } from '../scratch/scratch.ts';
import type { Venue } from '../venue.ts';
import { requireArgoCd } from './argo/require.ts';
import { pingWebhook, tellPush, type Webhook } from './argo/webhook.ts';
import { scratchSource, type Source, upstreamSource } from './git/source.ts';
import { buildingShop, givenShop, type Shop } from './images/shop.ts';
import { type Names, playNames, randomSuffix } from './names.ts';
import type { ContextOptions } from './options.ts';
import { thisProcess } from './owner.ts';
import { removeStalePlays } from './stale.ts';
import { namespaceByHand } from './take-down.ts';
import { type ContextStage, openTarget } from './target.ts';

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
