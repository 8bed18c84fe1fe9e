import { readFileSync, writeFileSync } from 'node:fs';
import { pageOf } from './example.ts';
import type { Observation } from './observation.ts';
import { embeddedLagMs } from './play.ts';
import type { Measured, MeasuredRecord } from './record.ts';

const heading = '## Measured\n';
const firstExample = /^## (?:Before|Bad)$/m;

/** A rule's page with what was measured before its examples. Without plays it says why there are none. */
export function withMeasurements(
  page: string,
  record: MeasuredRecord,
  rule: string,
  reason: string | undefined,
): string {
  const examples = page.search(firstExample);
  const known = page.indexOf(heading);
  const text = page.slice(0, known === -1 ? examples : known);
  const plays = record.plays.filter((play) => play.rule === rule);
  const said = plays.length > 0 ? measurements(record, plays) : `Not measured: ${reason ?? 'it was not played yet'}.\n`;
  return `${text}${heading}\n${said}\n${page.slice(examples)}`;
}

/** Writes what was measured to the page of each rule. */
export function writePages(
  rules: readonly string[],
  record: MeasuredRecord,
  reasons: Readonly<Record<string, string>>,
): void {
  for (const rule of rules) {
    const file = pageOf(rule);
    writeFileSync(file, withMeasurements(readFileSync(file, 'utf8'), record, rule, reasons[rule]));
  }
}

function measurements({ kubernetes, argoCd }: MeasuredRecord, plays: readonly Measured[]): string {
  const places = {
    'server-side apply': `Kubernetes ${kubernetes}, by server-side apply`,
    'Argo CD': `Kubernetes ${kubernetes} with Argo CD ${argoCd}`,
    'the embedded cluster': `the embedded cluster of the rehearsal, whose load balancer follows ${embeddedLagMs / 1_000} s late`,
  };
  const place = [...new Set(plays.map(({ by }) => places[by]))].join(', and on ');
  const rows = plays.flatMap((play) => {
    const name = play.as === undefined ? '' : `: ${play.as}`;
    return [row(`bad${name}`, play, play.bad), row(`good${name}`, play, play.good)];
  });
  return `On ${place}, under load:\n
| example | requests lost | what else was seen |
| --- | --- | --- |
${rows.join('\n')}
`;
}

function row(example: string, play: Measured, seen: Observation): string {
  const failures = Object.keys(seen.failures).toSorted().join(', ');
  const lost = `${count(seen.lost)} of ${count(seen.sent)}${failures === '' ? '' : ` (${failures})`}`;
  return `| ${example} | ${lost} | ${sentences(play, seen).join(' ').replaceAll('|', '\\|')} |`;
}

function sentences({ by }: Measured, seen: Observation): readonly string[] {
  const speaker = by === 'Argo CD' ? 'Argo CD' : 'The API server';
  return [
    seen.refused === undefined ? null : `${speaker} says: "${seen.refused}"`,
    seen.waits === undefined ? null : `The last commit was not synced after ${seen.waits} s.`,
    seen.gone === undefined ? null : `Deleted: ${seen.gone.join(', ')}.`,
    seen.remade === undefined ? null : `Deleted and made again: ${seen.remade.join(', ')}.`,
    seen.stuck === undefined ? null : `Not done in time: "${seen.stuck}"`,
    seen.version === undefined ? null : `At the end ${seen.version} answered.`,
    seen.fewer === undefined ? null : `${seen.fewer.available} of ${seen.fewer.wanted} pods were available for a time.`,
  ].filter((sentence) => sentence !== null);
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}
