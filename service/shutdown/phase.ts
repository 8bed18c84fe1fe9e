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
