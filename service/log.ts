import { type DestinationStream, type Logger, pino } from 'pino';
import type { Identity } from './environment.ts';
import type { Open, Phase } from './shutdown/shutdown.ts';

export type Log = Logger;

/** The severities that Google Cloud Logging sorts by; it does not know pino's numbers. */
const severities: Readonly<Record<string, string>> = {
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
};

/** Standard output, written at once: by default pino leaves lines to a thread, and an exit would mix them up. */
const standardOutput = () => pino.destination({ dest: 1, sync: true });

/** Opens a log of JSON lines, on standard output unless told otherwise. */
export function openLog(identity: Omit<Identity, 'pod'>, destination: DestinationStream = standardOutput()): Log {
  return pino(
    {
      base: { version: identity.version, revision: identity.revision },
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ severity: severities[label] ?? 'DEFAULT' }) },
    },
    destination,
  );
}

/** Writes a line for each phase of the way down, with what was open when it began. */
export function logPhase(log: Log): (phase: Phase, open: Open, code: 0 | 1 | undefined) => void {
  return (phase, { requests, upgraded }, code) => {
    const fields = { openRequests: requests, upgradedConnections: upgraded };
    const open = `${requests} requests and ${upgraded} upgraded connections open`;
    switch (phase) {
      case 'draining':
        return log.info(fields, 'told to stop: serving on while others notice');
      case 'closing':
        return log.info(fields, 'no new connections: finishing what is open');
      case 'finished':
        if (code === 0) return log.info(fields, 'stopped');
        return log.error(fields, `every connection is closed, with ${open}`);
      case 'cut short':
        return log.error(fields, `stopped by a second SIGINT (Ctrl-C) with ${open}`);
      case 'out of time':
        // Nothing is lost where only connections are left, such as one that never sent the rest of its headers.
        return log[code === 0 ? 'warn' : 'error'](fields, `stopped at SHUTDOWN_LIMIT_MS with ${open}`);
      default:
        return undefined;
    }
  };
}
