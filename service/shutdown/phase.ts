/** Where a process stands between its start and its end. The last three are ends. */
export type Phase = 'starting' | 'serving' | 'draining' | 'closing' | 'finished' | 'cut short' | 'out of time';

/** What moves it on: the listener is open, a signal came, the drain is over, every connection is closed, the limit is reached. */
export type Occurrence = 'listening' | 'signal' | 'drained' | 'closed' | 'limit';

const moves: Readonly<Record<Phase, Readonly<Partial<Record<Occurrence, Phase>>>>> = {
  starting: { listening: 'serving', signal: 'finished' },
  serving: { signal: 'draining' },
  draining: { drained: 'closing', signal: 'cut short' },
  closing: { closed: 'finished', limit: 'out of time', signal: 'cut short' },
  finished: {},
  'cut short': {},
  'out of time': {},
};

/** The phase after an occurrence; the same one where it changes nothing. Without a drain, `draining` is passed over. */
export function nextPhase(phase: Phase, occurrence: Occurrence, drainMs: number): Phase {
  const next = moves[phase][occurrence] ?? phase;
  return next === 'draining' && drainMs === 0 ? 'closing' : next;
}

/** The exit code of an end, given the requests that were open then; undefined while the process goes on. */
export function exitCode(phase: Phase, openRequests: number): 0 | 1 | undefined {
  switch (phase) {
    case 'finished':
      return 0;
    case 'cut short':
      return 1;
    case 'out of time':
      // Connections without a request may be left at the limit, and nobody loses an answer with them.
      return openRequests === 0 ? 0 : 1;
    default:
      return undefined;
  }
}
