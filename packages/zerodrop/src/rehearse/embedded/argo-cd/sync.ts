import { setTimeout as pause } from 'node:timers/promises';
import type { HealthStatus } from '../../../rollout/watch.ts';
import { identity, type Manifest } from '../../manifests/object.ts';
import type { Application, Retry } from './application.ts';
import type { Comparison, LiveObjects } from './compare.ts';

/** The last operation that was started on its own. */
export interface Attempt {
  readonly revision: string;
  readonly failure: string | null;
  /** How often the same commit was synced again to heal it. */
  readonly heals: number;
  /** In milliseconds since the epoch. */
  readonly endedAt: number;
}

export type Decision =
  | { readonly sync: true }
  /** `error`: what the condition SyncError says about it; null where there is nothing to say. */
  | { readonly sync: false; readonly error: string | null };

const stay: Decision = { sync: false, error: null };

/**
 * Whether an application is synced on its own, by the rules of Argo CD's autoSync (controller/appcontroller.go): never to
 * nothing, never again after a failure of the same commit, and again after a success only to heal, later each time.
 */
export function decide(
  { automated }: Application,
  { changes, prunes, wipesOut }: Comparison,
  revision: string,
  last: Attempt | null,
  now: number,
): Decision {
  if (automated === null || changes.length + prunes.length === 0) return stay;
  if (!automated.prune && changes.length === 0) return stay;
  if (last?.revision === revision) {
    if (last.failure !== null)
      return { sync: false, error: `Failed last sync attempt to [${revision}]: ${last.failure}` };
    if (!automated.selfHeal || now < last.endedAt + healAfterMs(last.heals)) return stay;
  }
  if (automated.prune && !automated.allowEmpty && wipesOut) {
    return { sync: false, error: `Skipping sync attempt to [${revision}]: auto-sync will wipe out all resources` };
  }
  return { sync: true };
}

/** The first time at once, then 2 s and three times as long each time, up to 5 minutes: the controller's own defaults. */
export function healAfterMs(heals: number): number {
  return heals === 0 ? 0 : Math.min(2_000 * 3 ** (heals - 1), 300_000);
}

/**
 * How long after its failure a sync is tried again that was tried so often already, as Argo CD has it (pkg/apis/application/v1alpha1/types.go,
 * NextRetryAt); null where it is not.
 */
export function retryAfterMs({ limit, firstMs, factor, mostMs }: Retry, retries: number): number | null {
  if (limit >= 0 && retries >= limit) return null;
  return Math.min(firstMs * factor ** retries, mostMs);
}

/** How an operation ends: Argo CD's message, and whether it is a failure. */
export interface Outcome {
  readonly failed: boolean;
  readonly message: string;
}

export interface Operation {
  readonly comparison: Comparison;
  readonly objects: LiveObjects;
  /** What was applied, by identity: the operation keeps it up to date. */
  readonly applied: Map<string, Manifest>;
  /** Why the project does not permit it. */
  readonly denied: readonly string[];
  readonly prune: boolean;
  readonly pruneLast: boolean;
  /** The application's health now. */
  readonly health: () => Promise<HealthStatus>;
  /** Says what the operation waits for. */
  readonly waitFor: (message: string) => void;
  readonly signal: AbortSignal;
}

const succeeded: Outcome = { failed: false, message: 'successfully synced (all tasks run)' };

function failure(message: string): Outcome {
  return { failed: true, message };
}

/** How often a wait looks again. */
const lookEveryMs = 200;

/** Applies what differs and prunes what left git, in one wave, as Argo CD does it; nothing at all where something is denied. */
export async function operate(operation: Operation): Promise<Outcome> {
  const { comparison, denied, prune, pruneLast } = operation;
  if (denied.length > 0) return failure(`one or more synchronization tasks are not valid: ${denied.join(', ')}`);
  const prunes = prune ? comparison.prunes.filter((manifest) => !hasOption(manifest, 'Prune=false')) : [];
  if (!pruneLast) await pruneAll(operation, prunes);
  const failures = await applyAll(operation);
  if (failures.length > 0) return failure(`one or more objects failed to apply, reason: ${failures.join(',')}`);
  if (!pruneLast || prunes.length === 0) return succeeded;
  if (!(await becomesHealthy(operation))) return failure('one or more synchronization tasks completed unsuccessfully');
  await pruneAll(operation, prunes);
  return succeeded;
}

/** What the cluster rejects does not keep the rest from being applied. */
async function applyAll({ comparison, objects, applied }: Operation): Promise<string[]> {
  const failures: string[] = [];
  for (const { manifest, patch } of comparison.changes) {
    try {
      await (patch === null ? objects.create(manifest) : objects.patch(manifest, patch));
      applied.set(identity(manifest), manifest);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  return failures;
}

/** PruneLast is a wave of its own, and a wave waits for the health of the one before it. */
async function becomesHealthy({ health, waitFor, signal }: Operation): Promise<boolean> {
  for (;;) {
    const status = await health();
    if (status === 'Healthy') return true;
    if (status === 'Degraded') return false;
    waitFor('waiting for healthy state of what was applied');
    await pause(lookEveryMs, undefined, { signal });
  }
}

async function pruneAll({ objects, applied, waitFor, signal }: Operation, prunes: readonly Manifest[]): Promise<void> {
  const unconfirmed = prunes.find((manifest) => hasOption(manifest, 'Prune=confirm'));
  if (unconfirmed !== undefined) {
    const { apiVersion, kind, metadata } = unconfirmed;
    const more = prunes.filter((manifest) => hasOption(manifest, 'Prune=confirm')).length - 1;
    const others = more > 0 ? ` and ${more} more resources` : '';
    waitFor(`Waiting for pruning confirmation of ${apiVersion}/${kind}/${metadata.name}${others}`);
    // Nobody confirms in a rehearsal: like the real one, the operation waits until it is ended.
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  }
  for (const manifest of prunes) {
    await objects.remove(manifest);
    applied.delete(identity(manifest));
  }
}

/** True where the first option of this name is this one: Argo CD looks no further. */
function hasOption({ metadata }: Manifest, option: string): boolean {
  const options = metadata.annotations?.['argocd.argoproj.io/sync-options'] ?? '';
  const name = option.slice(0, option.indexOf('=') + 1);
  const first = options
    .split(',')
    .map((given) => given.trim())
    .find((given) => given.startsWith(name));
  return first === option;
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
