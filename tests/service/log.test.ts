import { expect, test } from 'vitest';
import { logPhase, openLog } from '../../service/log.ts';
import { identity } from './serving.ts';

function logged(write: (log: ReturnType<typeof openLog>) => void): unknown[] {
  const lines: string[] = [];
  write(openLog(identity, { write: (line) => void lines.push(line) }));
  return lines.map((line): unknown => JSON.parse(line));
}

test('writes lines that Google Cloud Logging can sort', () => {
  const lines = logged((log) => {
    log.info({ port: 8080 }, 'listening');
    log.fatal('over');
  });
  expect(lines).toMatchObject([
    { severity: 'INFO', message: 'listening', version: '1.4.0', revision: '0123abc', port: 8080 },
    { severity: 'CRITICAL', message: 'over' },
  ]);
});

test('writes a line for each step of the way down, and none while serving', () => {
  const lines = logged((log) => {
    const note = logPhase(log);
    note('serving', { requests: 0, upgraded: 0 }, undefined);
    note('draining', { requests: 3, upgraded: 1 }, undefined);
    note('closing', { requests: 2, upgraded: 1 }, undefined);
    note('finished', { requests: 0, upgraded: 0 }, 0);
  });
  expect(lines).toMatchObject([
    { severity: 'INFO', message: 'told to stop: serving on while others notice', openRequests: 3 },
    { severity: 'INFO', message: 'no new connections: finishing what is open', openRequests: 2 },
    { severity: 'INFO', message: 'stopped', openRequests: 0 },
  ]);
});

test.each([
  ['cut short', 'stopped by a second SIGINT (Ctrl-C) with 2 requests and 1 upgraded connections open'],
  ['out of time', 'stopped at SHUTDOWN_LIMIT_MS with 2 requests and 1 upgraded connections open'],
  ['finished', 'every connection is closed, with 2 requests and 1 upgraded connections open'],
] as const)('calls the end %s an error', (phase, message) => {
  expect(logged((log) => logPhase(log)(phase, { requests: 2, upgraded: 1 }, 1))).toMatchObject([
    { severity: 'ERROR', message, openRequests: 2, upgradedConnections: 1 },
  ]);
});

test('only warns of a limit that cost nobody an answer', () => {
  expect(logged((log) => logPhase(log)('out of time', { requests: 0, upgraded: 1 }, 0))).toMatchObject([
    { severity: 'WARNING' },
  ]);
});
