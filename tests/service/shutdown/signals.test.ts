import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { onSignals } from '../../../service/shutdown/signals.ts';

/** What a process that gets these signals, one after the other, is told. */
function told(...signals: readonly NodeJS.Signals[]): string[] {
  const heard: string[] = [];
  const process = new EventEmitter();
  onSignals(process, (occurrence) => heard.push(occurrence));
  for (const signal of signals) process.emit(signal);
  return heard;
}

test.each([
  [
    ['SIGTERM', 'SIGTERM', 'SIGTERM'],
    ['signal', 'signal', 'signal'],
  ],
  [['SIGINT'], ['signal']],
  [
    ['SIGINT', 'SIGINT', 'SIGINT'],
    ['signal', 'insistence', 'insistence'],
  ],
  // One Ctrl-C beside a SIGTERM insists on nothing.
  [
    ['SIGTERM', 'SIGINT'],
    ['signal', 'signal'],
  ],
  [
    ['SIGINT', 'SIGTERM'],
    ['signal', 'signal'],
  ],
  [
    ['SIGTERM', 'SIGINT', 'SIGINT'],
    ['signal', 'signal', 'insistence'],
  ],
] as const)('%j means %j', (signals, meant) => {
  expect(told(...signals)).toEqual(meant);
});
