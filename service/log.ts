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

/** Opens a log of JSON lines, on standard output unless told otherwise. */
export function openLog(identity: Omit<Identity, 'pod'>, destination?: DestinationStream): Log {
  const options = {
    base: { version: identity.version, revision: identity.revision },
    messageKey: 'message',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ severity: severities[label] ?? 'DEFAULT' }) },
  };
  return destination ? pino(options, destination) : pino(options);
}
