import type { PodState } from 'zerodrop/rollout';
import type { Figures } from '../schema.ts';

/** One pod from when it was first seen until it was seen no more. */
export interface PodLife {
  readonly name: string;
  readonly replicaSet: string;
  readonly version: string;
  readonly phases: readonly Phase[];
}

/** A time that a pod spent in one state, in milliseconds from the start of the play. */
export interface Phase {
  readonly state: PodState;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The lives of all pods, in the order in which they began. */
export function podLives({ timeline, durationMs }: Figures): readonly PodLife[] {
  const lives = new Map<string, { replicaSet: string; version: string; phases: Phase[] }>();
  const moments = timeline.filter((entry) => entry.kind === 'pods');
  for (const [n, { atMs, pods }] of moments.entries()) {
    const toMs = moments[n + 1]?.atMs ?? durationMs;
    for (const { name, replicaSet, version, state } of pods) {
      const life = lives.get(name) ?? { replicaSet, version, phases: [] };
      lives.set(name, life);
      const last = life.phases.at(-1);
      if (last?.state === state) life.phases.splice(-1, 1, { ...last, toMs });
      else life.phases.push({ state, fromMs: atMs, toMs });
    }
  }
  return [...lives].map(([name, life]) => ({ name, ...life }));
}
