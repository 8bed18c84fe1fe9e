import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Observation } from './observation.ts';
import type { Play } from './play.ts';

/** How one play went. */
export interface Measured extends Pick<Play, 'rule' | 'as' | 'by' | 'expect'> {
  readonly bad: Observation;
  readonly good: Observation;
}

/** What the program has measured, and where. It alone writes this. */
export interface MeasuredRecord {
  readonly kubernetes: string;
  readonly argoCd: string;
  readonly plays: readonly Measured[];
}

const file = path.resolve(import.meta.dirname, '../../../packages/zerodrop/docs/measured.json');

/** What was measured until now. */
export function readRecord(): MeasuredRecord {
  return JSON.parse(readFileSync(file, 'utf8')) as MeasuredRecord;
}

/** The record with plays in place of those of the same rule and kind, in the order of their rules. */
export function withMeasured(record: MeasuredRecord, measured: readonly Measured[]): MeasuredRecord {
  const key = ({ rule, as = '' }: Measured): string => `${rule} ${as}`;
  const now = new Set(measured.map(key));
  const plays = [...record.plays.filter((one) => !now.has(key(one))), ...measured];
  return { ...record, plays: plays.toSorted((one, other) => (key(one) < key(other) ? -1 : 1)) };
}

/** Writes the record. */
export function writeRecord(record: MeasuredRecord): void {
  writeFileSync(file, JSON.stringify(record));
  execFileSync('oxfmt', [file], {
    stdio: 'ignore',
    env: { ...process.env, PATH: `node_modules/.bin:${process.env['PATH']}` },
  });
}
