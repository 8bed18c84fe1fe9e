import type { PlayedRollout, PlayRecord } from '../../src/rehearse/cluster.ts';
import { type ClientKind, dueRequest, type Sample } from '../../src/rehearse/load/schedule.ts';
import type { Observed, PodState } from '../../src/rollout/watch.ts';
import { play } from './verdict/small.ts';

/** A play as it might have been: pods replaced in waves, traffic that follows the endpoints with a lag of 1 s. */
export interface Imagined {
  readonly settings: PlayRecord['settings'];
  readonly replicas: number;
  /** Requests per second of each client kind. */
  readonly rate: number;
}

interface Pod {
  readonly name: string;
  readonly replicaSet: string;
  readonly image: string;
  readonly createdAt: number;
  readonly startedAt: number;
  readonly readyAt: number;
  /** When its process answers, which a pod without a readiness probe does not wait for. */
  readonly answersAt: number;
  stoppedAt: number;
  closedAt: number;
  goneAt: number;
}

const epoch = 1_750_000_000_000;
const lagMs = 1_000;
const images = { v1: `web:v1@sha256:${'1'.repeat(64)}`, v2: `web:v2@sha256:${'2'.repeat(64)}` };
type Version = keyof typeof images;

/** The same numbers for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** Imagines a first deployment, a release and a revert. */
export function imagine({ settings, replicas, rate }: Imagined): PlayRecord {
  const ours = settings === 'ours';
  const random = randomFrom(ours ? 7 : 11);
  const pods: Pod[] = [];
  const start = (set: string, version: Version, at: number): Pod => {
    const startedAt = at + 150 + random() * 200;
    const answersAt = startedAt + 1_500;
    const pod: Pod = {
      name: `web-${set}-${pods.length}`,
      replicaSet: `web-${set}`,
      image: images[version],
      createdAt: at,
      startedAt,
      answersAt,
      readyAt: ours ? answersAt + random() * 900 : startedAt,
      stoppedAt: Number.POSITIVE_INFINITY,
      closedAt: Number.POSITIVE_INFINITY,
      goneAt: Number.POSITIVE_INFINITY,
    };
    pods.push(pod);
    return pod;
  };
  const stop = (pod: Pod, at: number): void => {
    pod.stoppedAt = at;
    pod.closedAt = at + (ours ? 5_000 : 5);
    pod.goneAt = pod.closedAt + 50 + random() * 150;
  };
  const roll = (name: string, from: Version | null, to: Version, pushedAt: number): PlayedRollout => {
    const syncedAt = pushedAt + 700 + random() * 300;
    const old = pods.filter(({ goneAt }) => goneAt === Number.POSITIVE_INFINITY);
    const set = to === 'v1' ? '7d4b96' : '5c8f1a';
    let at = syncedAt;
    for (let n = 0; n < replicas; n += 1) {
      const fresh = start(set, to, from === null ? syncedAt : at);
      if (from !== null) at = fresh.readyAt + (ours ? 5_000 : 100);
      const leaver = old[n];
      if (leaver !== undefined) stop(leaver, ours || n > 0 ? at : syncedAt);
    }
    const available = pods.filter(({ createdAt }) => createdAt >= syncedAt).map(({ readyAt }) => readyAt);
    const completeAt = Math.max(...available) + (ours ? 5_000 : 0);
    const lastOldPodGoneAt = old.length === 0 ? completeAt : Math.max(...old.map(({ goneAt }) => goneAt));
    const revision = (from === null ? 'a' : to === 'v2' ? 'b' : 'c').repeat(40);
    const expected = { replicas, maxSurge: 1, maxUnavailable: ours ? 0 : 1, boundMs: ours ? replicas * 8_500 : 500 };
    return { name, revision, from, to, ...expected, pushedAt, syncedAt, completeAt, lastOldPodGoneAt, failure: null };
  };

  const first = roll('first deployment', null, 'v1', epoch + 400);
  const loadFrom = (first.completeAt ?? 0) + 1_500;
  const release = roll('release', 'v1', 'v2', loadFrom + 2_000);
  const settled = ours ? 300 : 2_500;
  const revert = roll('revert', 'v2', 'v1', Math.max(release.lastOldPodGoneAt ?? 0, release.completeAt ?? 0) + settled);
  const endedAt = Math.max(revert.lastOldPodGoneAt ?? 0, revert.completeAt ?? 0) + 2_500;

  return {
    target: 'embedded',
    settings,
    scene: 'release-and-revert',
    rate,
    slowMs: 1_000,
    asked: { request: 'POST /echo; right is a status of 200', version: 'the header x-version' },
    numbers: play.numbers,
    startedAt: epoch,
    endedAt,
    versions: { [images.v1]: 'v1', [images.v2]: 'v2' },
    rollouts: [first, release, revert],
    observed: observations(pods, [first, release, revert]),
    samples: requests(pods, rate, loadFrom, endedAt - 200, random),
    calibration: null,
  };
}

function observations(pods: readonly Pod[], rollouts: readonly PlayedRollout[]): Observed[] {
  const times = pods.flatMap((pod) => [pod.createdAt, pod.startedAt, pod.readyAt, pod.stoppedAt, pod.goneAt]);
  const changes = [...new Set(times)].filter(Number.isFinite).toSorted((a, b) => a - b);
  const seen = changes.flatMap((at): Observed[] => {
    const alive = pods.filter(({ createdAt, goneAt }) => createdAt <= at && at < goneAt);
    const listed = alive.map((pod) => ({ ...pick(pod), state: stateAt(pod, at) }));
    const ready = listed.filter(({ state }) => state === 'ready').map(({ name }) => name);
    return [
      { at, kind: 'pods', pods: listed },
      { at, kind: 'endpoints', ready },
    ];
  });
  const application = { pending: false, phaseRevision: null, message: null, conditions: [] } as const;
  const statuses = rollouts.flatMap(({ syncedAt, completeAt, revision }): Observed[] => {
    const status = { ...application, kind: 'application', sync: 'Synced', phase: 'Succeeded', revision } as const;
    return [
      { ...status, at: syncedAt ?? 0, health: 'Progressing' },
      { ...status, at: completeAt ?? 0, health: 'Healthy' },
    ];
  });
  return [
    { at: epoch + 500, kind: 'not-run', object: 'NetworkPolicy/web' },
    { at: epoch + 500, kind: 'not-run', object: 'PodDisruptionBudget/web' },
    ...[...seen, ...statuses].toSorted((a, b) => a.at - b.at),
  ];
}

function pick({ name, replicaSet, image }: Pod) {
  return { name, replicaSet, image };
}

function stateAt({ startedAt, readyAt, stoppedAt }: Pod, at: number): PodState {
  if (at >= stoppedAt) return 'terminating';
  if (at >= readyAt) return 'ready';
  return at >= startedAt ? 'starting' : 'pending';
}

function requests(pods: readonly Pod[], rate: number, from: number, to: number, random: () => number): Sample[] {
  const samples: Sample[] = [];
  for (let n = 0; dueRequest(from, rate, n).dueAt < to; n += 1) {
    const { kind, dueAt } = dueRequest(from, rate, n);
    const routed = pods.filter(({ readyAt, stoppedAt }) => readyAt + lagMs <= dueAt && dueAt < stoppedAt + lagMs);
    const pod = routed[Math.floor(random() * routed.length)];
    const sentAt = dueAt + random() * (random() > 0.99 ? 6 : 1);
    const endedAt = sentAt + 0.6 + random() * (random() > 0.98 ? 15 : 2);
    samples.push({ kind, dueAt, sentAt, endedAt, ...outcome(pod, kind, sentAt), pod: null, port: null });
  }
  return samples;
}

function outcome(pod: Pod | undefined, kind: ClientKind, at: number): Pick<Sample, 'version' | 'failure'> {
  if (pod === undefined || at < pod.answersAt) return { version: null, failure: 'ECONNREFUSED' };
  if (at >= pod.closedAt) return { version: null, failure: kind === 'keep-alive' ? 'ECONNRESET' : 'ECONNREFUSED' };
  return { version: pod.image === images.v1 ? 'v1' : 'v2', failure: null };
}
