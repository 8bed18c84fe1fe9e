/** Where a process stands between its start and its end. The last three are ends. */
export type Phase = 'starting' | 'serving' | 'draining' | 'closing' | 'finished' | 'cut short' | 'out of time';

/**
 * What moves it on: the listener is open, a signal came, somebody insists with a second Ctrl-C, the drain is over, every
 * connection is closed, the limit is reached.
 */
export type Occurrence = 'listening' | 'signal' | 'insistence' | 'drained' | 'closed' | 'limit';

const moves: Readonly<Record<Phase, Readonly<Partial<Record<Occurrence, Phase>>>>> = {
  starting: { listening: 'serving', signal: 'finished' },
  serving: { signal: 'draining' },
  // A signal more changes nothing: a kubelet or a runtime that is restarted repeats it.
  draining: { drained: 'closing', insistence: 'cut short' },
  closing: { closed: 'finished', limit: 'out of time', insistence: 'cut short' },
  finished: {},
  'cut short': {},
  'out of time': {},
};

/** The phase after an occurrence; the same one where it changes nothing. Without a drain, `draining` is passed over. */
export function nextPhase(phase: Phase, occurrence: Occurrence, drainMs: number): Phase {
  const next = moves[phase][occurrence] ?? phase;
  return next === 'draining' && drainMs === 0 ? 'closing' : next;
}

/**
 * The exit code of an end, given how many then waited for something: requests without a whole answer, and connections of
 * other protocols that were not told of the end. Undefined while the process goes on.
 */
export function exitCode(phase: Phase, waiting: number): 0 | 1 | undefined {
  switch (phase) {
    case 'finished':
    case 'out of time':
      // Connections on which nobody waits may be left at the limit.
      return waiting === 0 ? 0 : 1;
    case 'cut short':
      return 1;
    default:
      return undefined;
  }
}

/** The timers that a shutdown needs, passed in so that a test can turn the hands. */
export interface Clock {
  after(ms: number, run: () => void): void;
  every(ms: number, run: () => void): void;
}

export const systemClock: Clock = {
  after: (ms, run) => void setTimeout(run, ms),
  every: (ms, run) => void setInterval(run, ms),
};

/** How often connections are closed whose last answer has gone out. */
const SWEEP_MS = 100;

/** How long after closing the listener a connection may stay silent: enough for the bytes of a request under way. */
const SILENCE_MS = 1_000;

/** How long an app may take to close its resources: well within the 5 s that a pod's grace period has to spare. */
const RESOURCES_MS = 2_000;

export interface ShutdownPlan {
  /** Longer than it takes until nobody sends requests here any more. */
  readonly drainMs: number;
  /** How long open requests may take after the drain. */
  readonly limitMs: number;
}

/** What is open. */
export interface Open {
  readonly requests: number;
  /** Connections that speak another protocol. */
  readonly upgraded: number;
}

export interface ShutdownParts {
  readonly server: { stopListening(closed: () => void): void; closeIdleConnections(): void };
  readonly requests: { count(): number; isFlushing(): boolean; announceClose(): void };
  readonly upgraded: { count(): number; unfinished(): number; finish(): void };
  readonly lifecycle: { leave(): void; closeAll(withinMs: number): Promise<boolean> };
  readonly closeSilentConnections: () => void;
  readonly clock: Clock;
  /** Told of every new phase, once it holds: when it hears of `closing`, the listener is gone. An end has its exit code. */
  readonly onPhase: (phase: Phase, open: Open, code: 0 | 1 | undefined) => void;
  readonly exit: (code: number) => void;
}

/**
 * Ends a server without losing a request, and returns the function that tells it what happens.
 *
 * A pod hears of its end when everybody else does, so requests go on coming until each proxy has noticed. The listener
 * therefore stays open and everything is answered as before (readiness too: a load balancer that follows it would drop
 * the pod before it looks away), but answers ask the client to close its connection, and what has no end of its own is
 * told to come to one. Only after the drain does the listener close. Closing it first resets clients: `server.close()`
 * destroys idle connections at once.
 */
export function createShutdown(plan: ShutdownPlan, parts: ShutdownParts): (occurrence: Occurrence) => void {
  const { server, requests, upgraded, lifecycle, clock } = parts;
  let phase: Phase = 'starting';

  function tell(occurrence: Occurrence): void {
    const next = nextPhase(phase, occurrence, plan.drainMs);
    if (next === phase) return;
    const before = phase;
    phase = next;
    if (before === 'serving') leave();
    if (phase === 'draining') clock.after(plan.drainMs, () => tell('drained'));
    if (phase === 'closing') close();
    const code = exitCode(phase, requests.count() + upgraded.unfinished());
    parts.onPhase(phase, { requests: requests.count(), upgraded: upgraded.count() }, code);
    if (code !== undefined) void end(code);
  }

  function leave(): void {
    requests.announceClose();
    lifecycle.leave();
  }

  function close(): void {
    server.stopListening(() => tell('closed'));
    upgraded.finish();
    // Node.js takes a connection for idle whose whole answer still waits for a slow client, and would cut it off.
    clock.every(SWEEP_MS, () => requests.isFlushing() || server.closeIdleConnections());
    clock.after(SILENCE_MS, parts.closeSilentConnections);
    clock.after(plan.limitMs, () => tell('limit'));
  }

  async function end(code: number): Promise<void> {
    // Who insists does not wait.
    const isClean = phase === 'cut short' || (await lifecycle.closeAll(RESOURCES_MS));
    parts.exit(isClean ? code : 1);
  }

  return tell;
}
