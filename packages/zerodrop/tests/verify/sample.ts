import type {
  ApplicationObservation,
  DeploymentObservation,
  PodObservation,
  RolloutState,
  Watch,
} from '../../src/rollout/watch.ts';
import type { Expected } from '../../src/verify/expected.ts';
import type { Receipt } from '../../src/verify/receipt.ts';

/** A commit's hash. */
export const hash = (letter: string): string => letter.repeat(40);
/** A version's pinned image. */
export const imageOf = (tag: string): string =>
  `europe-docker.pkg.dev/example-project/zerodrop/web:${tag}@sha256:${'0'.repeat(64)}`;

/** What a commit is to bring. */
export function expecting(commit: string, tag = '1.2.4'): Expected {
  return {
    commit,
    image: imageOf(tag),
    version: { tag, source: hash('5') },
    manifests: `tree of ${tag}`,
    patienceMs: 60_000,
  };
}

export const application: ApplicationObservation = {
  sync: 'Synced',
  health: 'Healthy',
  revision: hash('a'),
  pending: false,
  phase: 'Succeeded',
  phaseRevision: hash('a'),
  message: null,
  conditions: [],
};

export const deployment: DeploymentObservation = {
  image: imageOf('1.2.4'),
  replicaSet: 'web-1.2.4',
  replicas: 1,
  updated: 1,
  ready: 1,
  available: 1,
  settled: true,
  failure: null,
};

/** A pod of a version. */
export function pod(tag: string, state: PodObservation['state']): PodObservation {
  return { name: `web-${tag}-${state}`, replicaSet: `web-${tag}`, image: imageOf(tag), state };
}

/** Commit a, which brings 1.2.4, is rolled out. */
export const rolledOut: RolloutState = { application, deployment, pods: [pod('1.2.4', 'ready')] };

/** The cluster when it runs a version that a commit brings. */
export function running(commit: string, tag: string): RolloutState {
  return {
    application: { ...application, revision: commit, phaseRevision: commit },
    deployment: { ...deployment, image: imageOf(tag), replicaSet: `web-${tag}` },
    pods: [pod(tag, 'ready')],
  };
}

/** Shows a watch where the cluster stands. */
export function show(watch: Watch, { application: seen, deployment: rolled, pods }: RolloutState): void {
  const at = Date.now();
  if (rolled !== null) watch.see({ kind: 'deployment', ...rolled, at });
  watch.see({ kind: 'pods', pods, at });
  if (seen !== null) watch.see({ kind: 'application', ...seen, at });
}

/** A receipt that nothing was lost in the rollout of 1.2.4 to staging. */
export const receipt: Receipt = {
  rollout: 'web-staging',
  environment: 'staging',
  image: imageOf('1.2.4'),
  revision: hash('a'),
  url: 'https://staging.example.com/version',
  rate: 5,
  window: { from: '2026-01-01T10:00:00.000Z', to: '2026-01-01T10:01:00.000Z' },
  sent: 600,
  lost: 0,
  lostByCause: {},
  lostBefore: 0,
  latencyMs: { p50: 12, p99: 48 },
  verdict: 'lossless',
  reasons: [],
};
