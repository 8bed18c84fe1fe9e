import type { ApplicationObservation } from '../../../rollout/watch.ts';
import { identity, type Manifest } from '../../manifests/object.ts';
import {
  type Application,
  denials,
  ignoredFields,
  invalidSpec,
  isApplication,
  isProject,
  type Project,
  readApplication,
  readProject,
} from './application.ts';
import {
  type CommittedState,
  fetchCommit,
  makeCheckout,
  readCommitted,
  readDocuments,
  readManifests,
  tipOf,
} from './committed.ts';
import { type AgentContext, assess, compare, immutable, type Listener, readLive } from './compare.ts';
import { type Attempt, decide, oneAtATime, operate, retryAfterMs } from './sync.ts';

/** The branch that the root application follows. */
const rootBranch = 'main';

/** A real Argo CD looks every few minutes, or when a webhook tells it to. */
const lookEveryMs = 500;

export interface AgentOptions extends AgentContext {
  /** Path or URL of the repository with the root folder. */
  readonly remote: string;
  /** The folder of the Applications. */
  readonly applications: string;
  /** Whether it is away: it looks at nothing then. */
  readonly isAway: () => boolean;
}

/** Argo CD's part: keeps the cluster as the Applications in the remote's root folder want it. */
export interface Agent {
  /** Looks at the remote now. */
  refresh(): void;
  /** Compares the cluster with what is already known of the remote: something in it has changed. */
  compare(): void;
}

/** Starts to follow a remote. The signal of the context ends it. */
export async function startAgent(options: AgentOptions, listener: Listener): Promise<Agent> {
  const { checkoutDirectory, remote, signal, validate } = options;
  await makeCheckout(checkoutDirectory);
  const followers = new Map<string, Follower>();
  let seen: string | null = null;

  const readRoot = async (tip: string): Promise<void> => {
    const commit = await fetchCommit(checkoutDirectory, remote, rootBranch, 'root');
    const documents = await readDocuments(checkoutDirectory, commit, options.applications);
    const { manifests, refusals } = await readManifests(documents, 'argocd', validate);
    if (refusals.length > 0) throw new Error(refusals.join(' '));
    const projects = new Map(
      manifests.filter(isProject).map((manifest) => [manifest.metadata.name, readProject(manifest)]),
    );
    const applications = manifests.filter(isApplication).map(readApplication);
    // What an Application brought stays when it goes, as it does without Argo CD's finalizer.
    const names = new Set(applications.map(({ name }) => name));
    for (const name of [...followers.keys()].filter((known) => !names.has(known))) followers.delete(name);
    for (const application of applications) followerOf(application).ask(application, projects.get(application.project));
    seen = tip;
  };

  const followerOf = ({ name }: Application): Follower => {
    const follower = followers.get(name) ?? makeFollower(options, listener);
    followers.set(name, follower);
    return follower;
  };

  const lookAtAll = (): void => {
    if (options.isAway()) return;
    for (const follower of followers.values()) void follower.look().catch(failed);
  };

  const failed = (error: unknown): void => {
    if (!signal.aborted) listener.failed(error instanceof Error ? error.message : String(error));
  };

  const refresh = oneAtATime(async () => {
    if (options.isAway()) return;
    try {
      const tip = await tipOf(remote, rootBranch);
      if (tip !== null && tip !== seen) await readRoot(tip);
    } catch (error) {
      failed(error);
    }
    lookAtAll();
  });

  const poll = async (): Promise<void> => {
    await refresh();
    if (!signal.aborted) setTimeout(() => void poll(), lookEveryMs);
  };
  void poll();
  return { refresh: () => void refresh(), compare: lookAtAll };
}

/** Keeps the cluster as one Application wants it. */
export interface Follower {
  /** Takes the Application as git has it now; its repository is read anew. */
  ask(application: Application, project: Project | undefined): void;
  /** Compares, and syncs where that is due. Resolves when nothing is left to do. */
  look(): Promise<void>;
}

interface Asked {
  readonly application: Application;
  readonly project: Project | undefined;
  /** Null until it was read. */
  committed: CommittedState | null;
}

/** Something was synced and failed, and is not tried again yet. */
const waiting = { sync: false, error: null } as const;

const neverCompared: ApplicationObservation = {
  sync: 'Unknown',
  health: 'Healthy',
  revision: null,
  pending: false,
  phase: null,
  phaseRevision: null,
  message: null,
  conditions: [],
};

/** Makes a follower of one Application. It does nothing until it is asked, and told to look. */
function makeFollower(context: AgentContext, listener: Listener): Follower {
  const applied = new Map<string, Manifest>();
  let newest: Asked | null = null;
  let status = neverCompared;
  let last: Attempt | null = null;
  /** A sync that failed and is tried again: until then nothing else is synced. */
  let retrying: { readonly asked: Asked; readonly count: number; readonly at: number } | null = null;

  const show = (application: Application, change: Partial<ApplicationObservation>): void => {
    status = { ...status, ...change };
    listener.status(application, status);
  };

  /** Compares once, and syncs where that is due. Says whether it did. */
  const step = async (newestAsked: Asked): Promise<boolean> => {
    const isDue = retrying !== null && Date.now() >= retrying.at;
    const asked = isDue && retrying !== null && !newestAsked.application.retry.refresh ? retrying.asked : newestAsked;
    const { application, project } = asked;
    const cannotCompare = async (type: string, message: string): Promise<false> => {
      const { status: health } = await assess(context, [...applied.values()]);
      const revision = asked.committed?.commit ?? null;
      show(application, { sync: 'Unknown', health, revision, conditions: [{ type, message }] });
      return false;
    };

    if (project === undefined) {
      return cannotCompare(
        'InvalidSpecError',
        `Application referencing project ${application.project} which does not exist`,
      );
    }
    const invalid = invalidSpec(application, project);
    if (invalid !== null) return cannotCompare('InvalidSpecError', invalid);
    if (asked.committed === null || asked.committed.commit === null) {
      asked.committed = await readCommitted(context, application, project);
      if ('manifests' in asked.committed) listener.wanted(application, asked.committed.manifests);
    }
    if ('failure' in asked.committed) return cannotCompare('ComparisonError', asked.committed.failure);
    const { commit, manifests } = asked.committed;
    const live = await readLive(context, [...manifests, ...applied.values()]);
    const rejected = immutable(manifests, live);
    if (rejected !== null) return cannotCompare('ComparisonError', rejected);

    const comparison = compare(manifests, applied, live, {
      fieldsOf: (manifest) => ignoredFields(application, manifest),
      respected: application.respectsIgnored,
    });
    for (const manifest of comparison.same) applied.set(identity(manifest), manifest);
    const decided = decide(application, comparison, commit, last, Date.now());
    const decision = retrying === null ? decided : isDue ? ({ sync: true } as const) : waiting;
    const error = decision.sync ? null : decision.error;
    show(application, {
      sync: comparison.changes.length + comparison.prunes.length === 0 ? 'Synced' : 'OutOfSync',
      health: (await assess(context, manifests)).status,
      revision: commit,
      pending: decision.sync,
      conditions: error === null ? [] : [{ type: 'SyncError', message: error }],
    });
    if (!decision.sync) return false;

    show(application, { phase: 'Running', phaseRevision: commit, message: null });
    const { failed, message } = await operate({
      ...context,
      comparison,
      applied,
      denied: denials(manifests, application, project),
      prune: application.automated?.prune ?? false,
      pruneLast: application.pruneLast,
      async health() {
        const { status: health } = await assess(context, manifests);
        show(application, { health });
        return health;
      },
      waitFor: (what) => show(application, { message: what }),
    });
    const retries = retrying?.count ?? 0;
    const againMs = failed ? retryAfterMs(application.retry, retries) : null;
    if (againMs !== null) {
      retrying = { asked, count: retries + 1, at: Date.now() + againMs };
      // Running on a real one, which is read as failed where its result has a resource that was refused.
      show(application, { phase: 'Failed', message: `${message}. Retrying attempt #${retries + 1}.`, pending: false });
      return false;
    }
    retrying = null;
    const heals = last?.revision === commit ? last.heals + 1 : 0;
    last = { revision: commit, failure: failed ? message : null, heals, endedAt: Date.now() };
    show(application, { phase: failed ? 'Failed' : 'Succeeded', message, pending: false });
    return true;
  };

  return {
    ask(application, project) {
      newest = { application, project, committed: null };
    },
    look: oneAtATime(async () => {
      for (let asked = newest, again = true; asked !== null && again;) {
        again = (await step(asked)) || asked !== newest;
        asked = newest;
      }
    }),
  };
}
