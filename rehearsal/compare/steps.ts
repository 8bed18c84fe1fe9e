import type { Report, RolloutFigures, SeenPod, TimelineEntry } from '../report/schema.ts';

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
