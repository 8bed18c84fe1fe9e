import type { Log } from './log.ts';
import type { Phase } from './shutdown/phase.ts';

/** Writes a line for each phase of the way down, with the requests that were open when it began. */
export function logPhase(log: Log): (phase: Phase, openRequests: number) => void {
  return (phase, openRequests) => {
    switch (phase) {
      case 'draining':
        return log.info({ openRequests }, 'told to stop: serving on while others notice');
      case 'closing':
        return log.info({ openRequests }, 'no new connections: finishing what is open');
      case 'finished':
        return log.info({ openRequests }, 'stopped');
      case 'cut short':
        return log.error({ openRequests }, `stopped by a second signal with ${openRequests} requests open`);
      case 'out of time':
        // Nothing is lost where only connections are left, such as one that never sent the rest of its headers.
        return log[openRequests === 0 ? 'warn' : 'error'](
          { openRequests },
          `stopped at SHUTDOWN_LIMIT_MS with ${openRequests} requests open`,
        );
      default:
        return undefined;
    }
  };
}
