import { setTimeout as sleep } from 'node:timers/promises';
import { OperationError, ProgramError } from 'zerodrop/errors';
import { shownAddress } from '../../github/address.ts';
import { type Destination, type PushEnd, remedy } from './remote.ts';
import { type Render, renderByTree } from './render.ts';

/** What one attempt made of the newest state. */
export interface Attempt<T> {
  /** What is to be pushed; null where there is nothing to push. */
  readonly commit: string | null;
  /** How the race ends when the remote has that commit, or at once where there is none. */
  readonly outcome: T;
}

/** What a race is run with. */
export interface RaceOptions {
  readonly remote: string;
  readonly destination: Destination;
  readonly clock: Clock;
  /** No attempt begins after this. */
  readonly withinMs: number;
  readonly signal: AbortSignal;
}

/** A remote that gives no answer this many times in a row is out of reach; one that fails once is not. */
const silencesInARow = 3;

/**
 * Pushes a commit to a branch that others push to as well: fetches, makes the commit on the newest state, pushes, and begins anew
 * when somebody was first. Throws {@link OperationError} with the remote's words where it refuses, gives no answer, or the race is
 * lost for the whole time; nothing is pushed then, as far as the remote has told.
 */
export async function race<T>(
  options: RaceOptions,
  fetch: () => Promise<void>,
  attempt: () => Promise<Attempt<T>>,
): Promise<T> {
  const { destination, clock, withinMs, signal } = options;
  const begunMs = clock.nowMs();
  const unanswered = new Map<string, T>();
  let silences = 0;
  for (let round = 0; ; round += 1) {
    const end = await runRound(destination, unanswered, fetch, attempt);
    if (end.kind === 'settled') return end.outcome;
    if (end.kind === 'refused') throw refused(options, end.said);
    silences = end.kind === 'broken' ? silences + 1 : 0;
    if (end.kind === 'broken' && silences === silencesInARow) throw outOfReach(options, end.said);
    const waitMs = pauseMs(round, () => clock.random());
    if (clock.nowMs() + waitMs - begunMs > withinMs) throw outOfTime(options, round + 1, end);
    await clock.pause(waitMs, signal);
  }
}

type RoundEnd<T> = { readonly kind: 'settled'; readonly outcome: T } | Exclude<PushEnd, { readonly kind: 'done' }>;

async function runRound<T>(
  destination: Destination,
  unanswered: Map<string, T>,
  fetch: () => Promise<void>,
  attempt: () => Promise<Attempt<T>>,
): Promise<RoundEnd<T>> {
  const fetched = await fetchOrSilence(fetch, destination, [...unanswered.keys()]);
  if (fetched.kind === 'broken') return fetched;
  // A push that no answer came to may have arrived, and then this one would be beaten by itself.
  const arrived = fetched.arrived === undefined ? undefined : unanswered.get(fetched.arrived);
  if (arrived !== undefined) return { kind: 'settled', outcome: arrived };
  const { commit, outcome } = await attempt();
  if (commit === null) return { kind: 'settled', outcome };
  const end = await destination.push(commit);
  if (end.kind === 'broken') unanswered.set(commit, outcome);
  return end.kind === 'done' ? { kind: 'settled', outcome } : end;
}

type Fetched =
  | { readonly kind: 'fetched'; readonly arrived: string | undefined }
  | { readonly kind: 'broken'; readonly said: string };

async function fetchOrSilence(
  fetch: () => Promise<void>,
  destination: Destination,
  unanswered: readonly string[],
): Promise<Fetched> {
  try {
    await fetch();
    return { kind: 'fetched', arrived: await destination.arrived(unanswered) };
  } catch (error) {
    if (error instanceof ProgramError) return { kind: 'broken', said: error.message };
    throw error;
  }
}

function refused({ remote, destination: { branch } }: RaceOptions, said: string): OperationError {
  return new OperationError(
    `${shownAddress(remote)} refuses the push to ${branch}, and nothing is changed there:\n${said}\n${remedy(said)}`,
  );
}

function outOfReach({ remote, destination: { branch } }: RaceOptions, said: string): OperationError {
  return new OperationError(
    `${shownAddress(remote)} could not be fetched from or pushed to ${silencesInARow} times in a row, so ${branch} is unchanged, as far as this clone can tell: ${said}\nCheck that it answers (git ls-remote ${shownAddress(remote)}), and run this again: what has arrived is not pushed twice.`,
  );
}

function outOfTime(
  { destination: { branch }, withinMs }: RaceOptions,
  rounds: number,
  last: Exclude<PushEnd, { readonly kind: 'done' }>,
): OperationError {
  const why = last.kind === 'lost' ? 'somebody else pushed first each time' : last.said;
  return new OperationError(
    `${branch} could not be pushed within ${withinMs / 1_000} s, in ${rounds} attempts: ${why}. Run this again, or give it more time with --within-seconds.`,
  );
}

/** What a command that pushes works with: where, for how long, and by whose clock. */
export interface Surroundings {
  /** The root of the clone. Nothing in it changes but its store of objects, and what git knows of the remote after a push. */
  readonly directory: string;
  /** The remote whose main Argo CD follows. */
  readonly remote: string;
  /** No attempt to push begins after this. */
  readonly withinMs: number;
  /** One call of git or of the renderer ends after this. */
  readonly callMs: number;
  readonly clock: Clock;
  /** The time of the calendar, in milliseconds since 1970: a freeze ends by it. */
  readonly dateMs: () => number;
  readonly render: Render;
  readonly signal: AbortSignal;
}

/** A fetch of a large repository fits in; what takes longer hangs. */
const callMs = 60_000;

/** The surroundings of a command that a person or a workflow started. */
export function realSurroundings(
  given: Pick<Surroundings, 'directory' | 'remote' | 'withinMs' | 'signal'>,
): Surroundings {
  return { ...given, callMs, clock: machineClock, dateMs: Date.now, render: renderByTree };
}

/** Time and chance, as a race needs them. */
export interface Clock {
  nowMs(): number;
  /** From 0 to below 1. */
  random(): number;
  /** Ends early, and without an error, when the signal says to stop: whatever comes next says so. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** The machine's own. */
export const machineClock: Clock = {
  nowMs: () => performance.now(),
  random: Math.random,
  pause: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
};

// About as long as an attempt takes: shorter pauses would leave those who lost together in step.
const firstMs = 1_000;
const longestMs = 8_000;

/**
 * How long to wait before the next attempt, in milliseconds: any moment up to a bound that doubles. Those who lost together would
 * meet again if they waited equally long (AWS Architecture Blog, "Exponential Backoff And Jitter": full jitter).
 */
export function pauseMs(attempt: number, random: () => number): number {
  return random() * Math.min(longestMs, firstMs * 2 ** attempt);
}
