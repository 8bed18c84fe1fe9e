import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Report, RolloutFigures, SeenPod, TimelineEntry } from './schema.ts';
import { columns } from './summary.ts';
import { outOf, seconds, totals } from './words.ts';
import { writeReport } from './write.ts';

/** The same settings played on the embedded cluster and on a real one. */
export interface Comparison {
  readonly embedded: Side;
  readonly real: Side;
  readonly rollouts: readonly ComparedRollout[];
}

export interface Side {
  readonly target: string;
  readonly verdict: Report['verdict'];
  readonly requests: number;
  readonly failed: number;
}

export interface ComparedRollout {
  readonly name: string;
  readonly minimumReadyPods: readonly [number | null, number | null];
  /** In the real cluster's order; what only the embedded one showed comes last. */
  readonly steps: readonly ComparedStep[];
  /** Steps of both that come in another order, as `A before B` in the embedded cluster. Empty where the order is the same. */
  readonly reordered: readonly string[];
}

/** Milliseconds after the push; null where it did not happen. */
export interface ComparedStep {
  readonly what: string;
  readonly embeddedAfterMs: number | null;
  readonly realAfterMs: number | null;
}

/** Puts two reports side by side. */
export function compare(embedded: Report, real: Report): Comparison {
  const rollouts = real.rollouts.flatMap((rollout) => {
    const same = embedded.rollouts.find(({ name }) => name === rollout.name);
    if (same === undefined) return [];
    const [here, there] = [stepsOf(embedded, same), stepsOf(real, rollout)];
    const minimumReadyPods = [same.minimumReadyPods, rollout.minimumReadyPods] as const;
    return [{ name: rollout.name, minimumReadyPods, steps: paired(here, there), reordered: reordered(here, there) }];
  });
  return { embedded: side(embedded), real: side(real), rollouts };
}

function paired(embedded: readonly Step[], real: readonly Step[]): readonly ComparedStep[] {
  const all = new Set([...real, ...embedded].map(({ what }) => what));
  return [...all].map((what) => ({ what, embeddedAfterMs: timeOf(embedded, what), realAfterMs: timeOf(real, what) }));
}

function timeOf(steps: readonly Step[], what: string): number | null {
  return steps.find((step) => step.what === what)?.afterMs ?? null;
}

/** A controller makes and stops pods in one go: what is not further apart than this has no order. In milliseconds. */
const togetherMs = 300;

/** Neighbours of the one order that stand the other way round in the other. */
export function reordered(one: readonly Step[], other: readonly Step[]): readonly string[] {
  const times = new Map(other.map(({ what, afterMs }) => [what, afterMs]));
  const common = one.filter(({ what }) => times.has(what));
  return common.slice(1).flatMap((step, index) => {
    const before = common[index] ?? step;
    const apartMs = (times.get(before.what) ?? 0) - (times.get(step.what) ?? 0);
    const furthestMs = Math.max(apartMs, step.afterMs - before.afterMs);
    return apartMs > 0 && furthestMs > togetherMs ? [`${before.what} before ${step.what}`] : [];
  });
}

function side({ target, verdict, clients }: Report): Side {
  const { sent, failed } = totals(clients);
  return { target, verdict, requests: sent, failed };
}

/** Something that happened for the first time in a rollout, and how long after its push, in milliseconds. */
export interface Step {
  readonly what: string;
  readonly afterMs: number;
}

/** What a rollout went through, in order: its marks, and each pod that came, served, was stopped and went. */
export function stepsOf(report: Report, rollout: RolloutFigures): readonly Step[] {
  const from = rollout.committedAtMs;
  const until = report.rollouts.find(({ committedAtMs }) => committedAtMs > from)?.committedAtMs ?? Infinity;
  const seen = new Map<string, number>();
  for (const entry of report.timeline) {
    if (entry.atMs < from || entry.atMs >= until) continue;
    for (const what of happened(entry, rollout)) {
      if (!seen.has(what)) seen.set(what, entry.atMs - from);
    }
  }
  return [...seen].map(([what, afterMs]) => ({ what, afterMs }));
}

function happened(entry: TimelineEntry, rollout: RolloutFigures): readonly string[] {
  if (entry.kind === 'pods') return podSteps(entry.pods, rollout);
  // The push is where the time starts, and the last old pod is counted among the pods.
  const told = entry.kind === 'mark' && entry.mark !== 'commit' && entry.mark !== 'last old pod gone';
  return told && entry.rollout === rollout.name ? [entry.mark] : [];
}

/** Pods are counted, not named: two clusters never name them alike. */
function podSteps(pods: readonly SeenPod[], { from, to, replicas }: RolloutFigures): readonly string[] {
  const fresh = pods.filter(({ version, state }) => version === to && state !== 'terminating');
  const old = pods.filter(({ version }) => version === from);
  const serving = old.filter(({ state }) => state !== 'terminating');
  return [
    ...counted('new pod', fresh.length, 'made'),
    ...counted('new pod', fresh.filter(({ state }) => state === 'ready').length, 'ready'),
    ...counted('old pod', replicas - serving.length, 'stopped'),
    ...counted('old pod', replicas - old.length, 'gone'),
  ];
}

function counted(pod: string, count: number, what: string): readonly string[] {
  return Array.from({ length: Math.max(0, count) }, (_, index) => `${pod} ${index + 1} ${what}`);
}

/** A comparison for a terminal. */
export function comparisonTable({ embedded, real, rollouts }: Comparison): string {
  const rows = [
    ['', embedded.target, real.target, 'difference'],
    ['verdict', embedded.verdict, real.verdict],
    ['requests lost', outOf(embedded.failed, embedded.requests), outOf(real.failed, real.requests)],
    ...rollouts.flatMap(rolloutRows),
  ];
  return [...columns(rows), '', ...rollouts.map(order)].join('\n');
}

function rolloutRows({ name, minimumReadyPods, steps }: ComparedRollout): readonly (readonly string[])[] {
  const [embedded, real] = minimumReadyPods.map((pods) => (pods === null ? '–' : String(pods)));
  return [
    [],
    [name],
    ['  ready pods, at least', embedded ?? '', real ?? ''],
    ...steps.map(({ what, embeddedAfterMs, realAfterMs }) => [
      `  ${what}`,
      seconds(embeddedAfterMs),
      seconds(realAfterMs),
      difference(embeddedAfterMs, realAfterMs),
    ]),
  ];
}

function order({ name, reordered: others }: ComparedRollout): string {
  return others.length === 0
    ? `Order of the ${name}: the same.`
    : `Order of the ${name}: only the embedded cluster has ${others.join(', ')}.`;
}

function difference(embeddedMs: number | null, realMs: number | null): string {
  if (embeddedMs === null || realMs === null) return '';
  const byMs = realMs - embeddedMs;
  return `${byMs < 0 ? '-' : '+'}${seconds(Math.abs(byMs))}`;
}

/** Writes both reports in folders of their own, and the comparison beside them. */
export async function writeComparison(
  directory: string,
  embedded: Report,
  real: Report,
  comparison: Comparison,
): Promise<void> {
  await writeReport(path.join(directory, 'embedded'), embedded);
  await writeReport(path.join(directory, 'real'), real);
  await writeFile(path.join(directory, 'comparison.json'), `${JSON.stringify(comparison, null, 2)}\n`);
  await writeFile(path.join(directory, 'comparison.txt'), `${comparisonTable(comparison)}\n`);
}
