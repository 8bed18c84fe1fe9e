import { type DestinationStream, type Logger, pino } from 'pino';
import type { Identity } from './identity.ts';

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
