import type { PlayedRollout, PlayRecord } from '../../../src/rehearse/cluster.ts';
import { dueRequest, type Sample } from '../../../src/rehearse/load/schedule.ts';
import type { Observed } from '../../../src/rollout/watch.ts';

/** The smallest play that passes: two pods, a release after 2 s, a revert after 10 s, over after 20 s, from 0 on. */
const rate = 10;

const expected = { replicas: 2, maxSurge: 1, maxUnavailable: 0, boundMs: 4_000, failure: null } as const;

export const first: PlayedRollout = {
  ...expected,
  name: 'first deployment',
  revision: 'a'.repeat(40),
  from: null,
  to: 'v1',
  pushedAt: 0,
  syncedAt: 100,
  completeAt: 500,
  lastOldPodGoneAt: 500,
};

export const release: PlayedRollout = {
  ...expected,
  name: 'release',
  revision: 'b'.repeat(40),
  from: 'v1',
  to: 'v2',
  pushedAt: 2_000,
  syncedAt: 2_500,
  completeAt: 6_000,
  lastOldPodGoneAt: 8_000,
};

export const revert: PlayedRollout = {
  ...expected,
  name: 'revert',
  revision: 'c'.repeat(40),
  from: 'v2',
  to: 'v1',
  pushedAt: 10_000,
  syncedAt: 10_500,
  completeAt: 14_000,
  lastOldPodGoneAt: 16_000,
};

/** Pods in the states named, at a time. */
export function pods(at: number, ...states: readonly ('ready' | 'starting' | 'terminating')[]): Observed {
  const named = states.map((state, n) => ({ name: `web-${n}`, replicaSet: 'web-a', image: 'web:v1', state }));
  return { at, kind: 'pods', pods: named };
}

/** So many endpoints, at a time. */
export function endpoints(at: number, count: number): Observed {
  return { at, kind: 'endpoints', ready: Array.from({ length: count }, (_, n) => `web-${n}`) };
}

/** A right answer within 2 ms to each request from the first second to the last but one. */
export const samples: readonly Sample[] = Array.from({ length: 360 }, (_, n): Sample => {
  const { kind, dueAt } = dueRequest(1_000, rate, n);
  const version = dueAt < 5_000 || dueAt > 13_000 ? 'v1' : 'v2';
  return { kind, dueAt, sentAt: dueAt + 1, endedAt: dueAt + 2, version, pod: null, port: 40_000 + n, failure: null };
});

/** What is played, and what is committed as well. */
const twoReplicas = {
  replicas: 2,
  autoscaler: null,
  maxSurge: 1,
  maxUnavailable: 0,
  minReadySeconds: 5,
  drainMs: 5_000,
  graceSeconds: 20,
};

export const play: PlayRecord = {
  target: 'embedded',
  settings: 'ours',
  scene: 'release-and-revert',
  rate,
  slowMs: 1_000,
  asked: { request: 'POST /echo; right is a status of 200', version: 'the header x-version' },
  numbers: {
    played: twoReplicas,
    committed: twoReplicas,
    endpointLagMs: 1_000,
    proxy: null,
    drainSetting: 'DRAIN_MS',
  },
  startedAt: 0,
  endedAt: 20_000,
  versions: { 'web:v1': 'v1', 'web:v2': 'v2' },
  rollouts: [first, release, revert],
  observed: [pods(500, 'ready', 'ready'), endpoints(500, 2)],
  samples,
  calibration: null,
};

/** The play with one sample, the one that was due at a time, changed. */
export function withSample(dueAt: number, change: Partial<Sample>): PlayRecord {
  return {
    ...play,
    samples: samples.map((sample) => (sample.dueAt === dueAt ? { ...sample, ...change } : sample)),
  };
}

/** A control that lost one request in its release. */
export const control: PlayRecord = {
  ...withSample(3_000, { version: null, failure: 'ECONNREFUSED' }),
  settings: 'original',
};

/** The play with the requests that were due at these times sent late, by milliseconds. */
export function lateBy(due: ReadonlySet<number>, ms: number): PlayRecord {
  const delay = (sample: Sample): Sample => ({ ...sample, sentAt: sample.dueAt + ms, endedAt: sample.dueAt + ms + 1 });
  return { ...play, samples: samples.map((sample) => (due.has(sample.dueAt) ? delay(sample) : sample)) };
}
