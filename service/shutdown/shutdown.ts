import type { Clock } from './clock.ts';
import type { OpenRequests } from './open-requests.ts';
import { exitCode, nextPhase, type Occurrence, type Phase } from './phase.ts';

/** How often connections are closed whose last answer has gone out. */
const SWEEP_MS = 100;

/** How long after closing the listener a connection may stay silent: enough for the bytes of a request under way. */
const SILENCE_MS = 1_000;

export interface ShutdownPlan {
  /** Longer than it takes until nobody sends requests here any more. */
  readonly drainMs: number;
  /** How long open requests may take after the drain. */
  readonly limitMs: number;
}

export interface ShutdownParts {
  /** Of node:http. */
  readonly server: { close(closed: () => void): unknown; closeIdleConnections(): void };
  readonly requests: Pick<OpenRequests, 'count' | 'announceClose'>;
  readonly closeSilentConnections: () => void;
  readonly clock: Clock;
  /** Told of every new phase, once it holds: when it hears of `closing`, the listener is gone. */
  readonly onPhase: (phase: Phase, openRequests: number) => void;
  readonly exit: (code: number) => void;
}

/**
 * Ends a server without losing a request, and returns the function that tells it what happens.
 *
 * A pod hears of its end when everybody else does, so requests go on coming until each proxy has noticed. The listener
 * therefore stays open and everything is answered as before (readiness too: a load balancer that follows it would drop
 * the pod before it looks away), but each answer asks the client to close its connection. Only after the drain does the
 * listener close. Closing it first resets clients: `server.close()` destroys idle connections at once.
 */
export function createShutdown(plan: ShutdownPlan, parts: ShutdownParts): (occurrence: Occurrence) => void {
  const { server, requests, clock } = parts;
  let phase: Phase = 'starting';

  function tell(occurrence: Occurrence): void {
    const next = nextPhase(phase, occurrence, plan.drainMs);
    if (next === phase) return;
    phase = next;
    if (phase === 'draining') drain();
    if (phase === 'closing') close();
    parts.onPhase(phase, requests.count());
    const code = exitCode(phase, requests.count());
    if (code !== undefined) parts.exit(code);
  }

  function drain(): void {
    requests.announceClose();
    clock.after(plan.drainMs, () => tell('drained'));
  }

  function close(): void {
    requests.announceClose();
    server.close(() => tell('closed'));
    clock.every(SWEEP_MS, () => server.closeIdleConnections());
    clock.after(SILENCE_MS, parts.closeSilentConnections);
    clock.after(plan.limitMs, () => tell('limit'));
  }

  return tell;
}
