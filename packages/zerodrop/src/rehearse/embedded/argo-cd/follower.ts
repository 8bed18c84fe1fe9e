import type { ApplicationObservation } from '../../../rollout/watch.ts';
import { identity, type Manifest } from '../../manifests/object.ts';
import { type Application, denials, invalidSpec, type Project } from './application.ts';
import { type CommittedState, readCommitted } from './committed.ts';
import { type AgentContext, assess, compare, immutable, type Listener, readLive } from './compare.ts';
import { type Attempt, decide, operate } from './sync.ts';

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
export function makeFollower(context: AgentContext, listener: Listener): Follower {
  const applied = new Map<string, Manifest>();
  let newest: Asked | null = null;
  let status = neverCompared;
  let last: Attempt | null = null;

  const show = (application: Application, change: Partial<ApplicationObservation>): void => {
    status = { ...status, ...change };
    listener.status(application, status);
  };

  /** Compares once, and syncs where that is due. Says whether it did. */
  const step = async (asked: Asked): Promise<boolean> => {
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

    const comparison = compare(manifests, applied, live);
    for (const manifest of comparison.same) applied.set(identity(manifest), manifest);
    const decision = decide(application, comparison, commit, last, Date.now());
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

/** Runs `work` one at a time. A call while it runs makes it run once more afterwards, however many calls there were. */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const run = async (): Promise<void> => {
    try {
      await work();
    } finally {
      running = null;
    }
  };
  const start = async (): Promise<void> => (running = run());
  return async () => {
    if (running === null) return start();
    next ??= running.then(
      async () => again(),
      async () => again(),
    );
    return next;
  };
  async function again(): Promise<void> {
    next = null;
    return start();
  }
}
