import { inspect } from 'node:util';
import { endQuietlyWithoutReader, OperationError } from '../errors.ts';
import type { Live, LiveRollout } from '../live/state.ts';
import type { Observed, PodState, RolloutState, Watch } from '../rollout/watch.ts';
import type { PlayedRollout } from './cluster.ts';
import type { Sample } from './load/schedule.ts';

/** Tells on the terminal where a rehearsal is: a line per step, and below it one status line that is rewritten. */
export interface Steps {
  /** A step is done. */
  done(what: string): void;
  /** A rollout begins. */
  rolling(rollout: LiveRollout, watch: Watch): void;
  /** A rollout ended, well or not. */
  rolled(rollout: PlayedRollout): void;
  /** Shows the pods, and the requests that were due since a time, in milliseconds since the epoch. */
  follow(watch: Watch, samples: readonly Sample[], since: number): void;
  /** The run has a verdict, and a sentence on it. */
  judged(verdict: string, words: string): void;
  /** Takes the status line away. */
  end(): void;
}

/** A terminal, or what stands for it. */
export interface Screen {
  write(text: string): void;
  /** Columns of an interactive terminal as it is now; null where lines can't be rewritten. */
  columns(): number | null;
}

/** How often a line says how far it is where no line can be rewritten. */
const withoutTerminalMs = 10_000;

/** Writes steps with the time since `startedAt`, in milliseconds since the epoch. */
export function makeSteps(screen: Screen, startedAt: number): Steps {
  const interactive = screen.columns() !== null;
  let timer: NodeJS.Timeout | undefined;
  const clear = (): void => {
    if (timer !== undefined && interactive) screen.write('\r\u001B[2K');
  };
  const line = (what: string): void => {
    clear();
    screen.write(`${elapsed(Date.now() - startedAt)}  ${what}\n`);
  };
  return {
    done: line,
    rolling: () => undefined,
    judged: () => undefined,
    rolled: (rollout) => line(rolledLine(rollout)),
    follow(watch, samples, since) {
      clearInterval(timer);
      const look = (): string => {
        const due = samples.filter(({ dueAt }) => dueAt >= since);
        return statusLine(watch.state(), due.length, due.filter(isFailed).length);
      };
      timer = interactive
        ? setInterval(() => {
            const width = (screen.columns() ?? 80) - 1;
            screen.write(`\r\u001B[2K${`${elapsed(Date.now() - startedAt)}  ${look()}`.slice(0, width)}`);
          }, 250)
        : setInterval(() => line(look()), withoutTerminalMs);
    },
    end() {
      clear();
      clearInterval(timer);
      timer = undefined;
    },
  };
}

/** The steps of one play among others: its lines bear a name, and the status line is another's. */
export function stepsOf(name: string, steps: Steps): Steps {
  return {
    done: (what) => steps.done(`${name}: ${what}`),
    rolled: (rollout) => steps.done(`${name}: ${rolledLine(rollout)}`),
    follow: () => undefined,
    rolling: () => undefined,
    judged: () => undefined,
    end: () => undefined,
  };
}

/** Writes steps to the terminal of this process, if it is one. */
export function terminalSteps(startedAt: number): Steps {
  const screen = process.stderr;
  return makeSteps(
    { write: (text) => screen.write(text), columns: () => (screen.isTTY ? screen.columns : null) },
    startedAt,
  );
}

/** Steps that a page shows as well; null for none. */
export function liveSteps(steps: Steps, live: Live | null): Steps {
  if (live === null) return steps;
  return {
    done(what) {
      steps.done(what);
      live.step(what);
    },
    rolled(rollout) {
      steps.rolled(rollout);
      live.step(rolledLine(rollout));
    },
    follow(watch, samples, since) {
      steps.follow(watch, samples, since);
      live.follow(samples, since);
    },
    rolling: (rollout, watch) => live.rolling(rollout, watch),
    judged: (verdict, words) => live.verdict(verdict, words),
    end: () => steps.end(),
  };
}

function isFailed({ failure }: Sample): boolean {
  return failure !== null;
}

function rolledLine(rollout: PlayedRollout): string {
  const { name, to, pushedAt, syncedAt, completeAt, lastOldPodGoneAt, failure, reached } = rollout;
  if (failure !== null) return `${name}: ${failure}`;
  const after = (at: number | null): string => (at === null ? 'never' : `${((at - pushedAt) / 1_000).toFixed(1)} s`);
  if (reached !== undefined) return `${name}: ${reached.what} after ${after(reached.at)}`;
  return `${name}: ${to} synced after ${after(syncedAt)}, complete after ${after(completeAt)}, last old pod gone after ${after(lastOldPodGoneAt)}`;
}

function elapsed(ms: number): string {
  return `${(ms / 1_000).toFixed(1).padStart(6)} s`;
}

const marks: Readonly<Record<PodState, string>> = {
  pending: '.',
  starting: 'o',
  ready: '*',
  terminating: 'x',
  failed: '!',
};

/** One line that says where a rollout stands: `0 failed  Synced Progressing  v1 **x  v2 *o  2,300 sent`. */
export function statusLine({ application, pods }: RolloutState, sent: number, failed: number): string {
  const images = [...new Set(pods.map(({ image }) => image))];
  const sets = images.map((image) => {
    const members = pods.filter((pod) => pod.image === image);
    return `${tag(image)} ${members.map(({ state }) => marks[state]).join('')}`;
  });
  const status = application === null ? 'no application' : `${application.sync} ${application.health}`;
  // What matters most comes first: a narrow terminal cuts off the end.
  return [`${failed} failed`, status, ...sets.toSorted(), `${sent.toLocaleString('en')} sent`].join('  ');
}

/** The tag of a pinned reference. */
function tag(image: string): string {
  return /:([^:@/]+)@/.exec(image)?.[1] ?? image;
}

/** A defect of ours: everything is taken down, and it is no verdict. */
export class Crash extends OperationError {
  override readonly name = 'Crash';
}

/** A second signal within this time is the first one, told twice: to the process group, and by npm or a shell in between. */
const echoMs = 1_000;

/** A signal that is aborted by Ctrl-C or SIGTERM. A second one ends the process at once: its children end by themselves, a builder with the step that it is at. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  let first: number | null = null;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      first ??= Date.now();
      if (Date.now() - first > echoMs) process.exit(130);
      controller.abort(new Error(`interrupted by ${name}`));
    });
  }
  for (const name of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(name, (error: unknown) => {
      // Again: what is taken down does not come to its end.
      if (controller.signal.aborted) process.exit(3);
      controller.abort(new Crash(`this should not happen, please report it. ${inspect(error)}`, { cause: error }));
    });
  }
  // What it has made in a cluster is taken down first.
  endQuietlyWithoutReader(() => controller.abort(new Error('interrupted: nobody reads the output any more')));
  return controller.signal;
}

/** How long pods took from the start of their programs, in milliseconds: the slowest one counts. */
export interface Startup {
  /** Until something listened on a port. */
  readonly listeningMs: number;
  /** Until the pod was ready, by what the cluster showed; null where none was yet. */
  readonly readyMs: number | null;
}

/** What was seen of the start of pods; null where nobody told, as on a real cluster. */
export function startupOf(observed: readonly Observed[]): Startup | null {
  const listening = observed.flatMap((seen) => (seen.kind === 'listening' ? seen.afterMs : []));
  if (listening.length === 0) return null;
  const began = new Map<string, number>();
  const ready = new Map<string, number>();
  for (const { name, state, at } of observed.flatMap((seen) =>
    seen.kind === 'pods' ? seen.pods.map((pod) => ({ ...pod, at: seen.at })) : [],
  )) {
    if (state === 'starting' && !began.has(name)) began.set(name, at);
    if (state === 'ready' && began.has(name) && !ready.has(name)) ready.set(name, at - (began.get(name) ?? at));
  }
  return { listeningMs: Math.max(...listening), readyMs: ready.size === 0 ? null : Math.max(...ready.values()) };
}

/** `pods listen 0.6 s after their start, and are ready after 1.1 s`. */
export function startupWords({ listeningMs, readyMs }: Startup): string {
  const ready = readyMs === null ? '' : `, and are ready after ${(readyMs / 1_000).toFixed(1)} s`;
  return `pods listen ${(listeningMs / 1_000).toFixed(1)} s after their start${ready}`;
}
