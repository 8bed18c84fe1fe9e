import { afterEach, describe, expect, test, vi } from 'vitest';
import type { RehearsalCluster } from '../../../src/rehearse/cluster.ts';
import { followRollout, type Pushed } from '../../../src/rehearse/play/rollout.ts';
import type { Until } from '../../../src/rehearse/play/scenes.ts';
import { makeWatch, type Observation, type PodState, type Watch } from '../../../src/rollout/watch.ts';

afterEach(() => {
  vi.useRealTimers();
});

const commit = 'b'.repeat(40);
const pushed: Pushed = {
  name: 'release',
  revision: commit,
  from: 'v1',
  to: 'v2',
  replicas: 1,
  maxSurge: 1,
  maxUnavailable: 0,
  boundMs: 1_000,
  pushedAt: 0,
};

const awaits = { awaited: { commit, image: 'web:v2' }, until: 'complete' } as const;

const unasked = async (): Promise<never> => Promise.reject(new Error('nobody asked for this'));

/** A target that is asked for nothing but a look at the remote. */
function quietTarget(): RehearsalCluster & { readonly asked: () => number } {
  let asked = 0;
  return {
    name: 'quiet',
    proxy: null,
    publish: unasked,
    deliver: unasked,
    follow: unasked,
    url: unasked,
    scale: unasked,
    disturb: {},
    explain: async () => 'Warning BackOff on Pod web-x: it crashes',
    close: unasked,
    refresh: async () => void (asked += 1),
    asked: () => asked,
  };
}

function application(health: 'Healthy' | 'Progressing' | 'Degraded'): Extract<Observation, { kind: 'application' }> {
  const status = {
    sync: 'Synced',
    revision: commit,
    pending: false,
    phase: 'Succeeded',
    phaseRevision: commit,
  } as const;
  return { kind: 'application', health, message: null, conditions: [], ...status };
}

function deployment(available: number): Observation {
  const counts = { replicas: 1, updated: 1, ready: available, available };
  return {
    kind: 'deployment',
    image: 'web:v2',
    replicaSet: 'web:v2',
    ...counts,
    settled: available === 1,
    failure: null,
  };
}

function pods(...members: readonly (readonly [string, PodState])[]): Observation {
  return { kind: 'pods', pods: members.map(([image, state]) => ({ name: image, replicaSet: image, image, state })) };
}

async function follow(watch: Watch, withinMs = 5_000) {
  const target = quietTarget();
  const played = await followRollout(target, watch, pushed, awaits, withinMs, new AbortController().signal);
  return { played, asked: target.asked() };
}

function seeLater(watch: Watch, ...observations: readonly Observation[]): void {
  let at = 1_000;
  for (const observation of observations) {
    const seen = { at, ...observation };
    setTimeout(() => watch.see(seen), at / 100);
    at += 1_000;
  }
}

test('a rollout is followed until its last old pod is gone', async () => {
  const watch = makeWatch(new AbortController().signal);
  seeLater(
    watch,
    application('Progressing'),
    deployment(0),
    deployment(1),
    application('Healthy'),
    pods(['web:v1', 'terminating'], ['web:v2', 'ready']),
    pods(['web:v2', 'ready']),
  );
  watch.see({ at: 1, ...pods(['web:v1', 'ready']) });

  const { played, asked } = await follow(watch);

  expect(played).toMatchObject({ syncedAt: 1_000, completeAt: 4_000, lastOldPodGoneAt: 6_000, failure: null });
  expect(asked).toBeGreaterThan(0);
});

test('a rollout ends when something has failed for 20 s, with the reason', async () => {
  vi.useFakeTimers();
  const watch = makeWatch(new AbortController().signal);
  seeLater(watch, application('Progressing'), application('Degraded'));
  const followed = follow(watch, 60_000);
  await vi.advanceTimersByTimeAsync(22_000);

  expect((await followed).played).toMatchObject({
    syncedAt: 1_000,
    completeAt: null,
    failure: 'Argo CD reports the application as Degraded.\nWarning BackOff on Pod web-x: it crashes',
  });
});

test('a condition that the commit before left behind does not end the wait', async () => {
  const watch = makeWatch(new AbortController().signal);
  const conditions = [{ type: 'ComparisonError', message: 'of the commit before' }];
  watch.see({ at: 1, ...application('Healthy'), kind: 'application', conditions, revision: 'a'.repeat(40) });
  seeLater(watch, application('Healthy'), deployment(1), pods(['web:v2', 'ready']));

  expect((await follow(watch)).played.failure).toBeNull();
});

test('a rollout that gets no further says where it stands', async () => {
  const watch = makeWatch(new AbortController().signal);
  watch.see({ at: 1, ...application('Progressing') });
  watch.see({ at: 2, ...deployment(0) });

  const { played } = await follow(watch, 20);

  expect(played.failure).toContain('sync Synced, health Progressing, 1 updated and 0 available of 1 replicas');
  expect(played.failure).toContain('it crashes');
});

test('a target that can no longer be asked ends the wait', async () => {
  const broken = { ...quietTarget(), refresh: async () => Promise.reject(new Error('the cluster has ended')) };
  const watch = makeWatch(new AbortController().signal);
  const followed = followRollout(broken, watch, pushed, awaits, 5_000, new AbortController().signal);

  await expect(followed).rejects.toThrow('the cluster has ended');
});

test('ends when it is told to, though nothing has come to its end', async () => {
  const told = new AbortController();
  const watch = makeWatch(new AbortController().signal);
  const followed = followRollout(quietTarget(), watch, pushed, awaits, 5_000, told.signal);
  told.abort(new Error('enough was seen'));

  await expect(followed).rejects.toThrow('enough was seen');
});

const old = (...states: readonly PodState[]) => states.map((state) => ['web:v1', state] as const);

async function until(end: Until, ...observations: readonly Observation[]) {
  const watch = makeWatch(new AbortController().signal);
  seeLater(watch, ...observations);
  const asked = { awaited: awaits.awaited, until: end };
  return followRollout(quietTarget(), watch, pushed, asked, 5_000, new AbortController().signal);
}

describe('a step that is not to complete', () => {
  test('ends when pods of the commit fail', async () => {
    const failing = pods(...old('ready'), ['web:v2', 'failed']);
    const played = await until('failing', application('Progressing'), deployment(0), failing);

    expect(played).toMatchObject({ completeAt: null, failure: null, reached: { what: 'its pods fail' } });
    expect(played.reached?.at).toBeGreaterThan(0);
  });

  test('ends midway, when pods of both versions are ready', async () => {
    const both = pods(...old('ready'), ['web:v2', 'ready']);
    const played = await until('midway', application('Progressing'), deployment(1), pods(...old('ready')), both);

    expect(played).toMatchObject({ failure: null, reached: { at: expect.any(Number) } });
  });

  test('fails where it completes instead', async () => {
    const played = await until('failing', application('Healthy'), deployment(1), pods(['web:v2', 'ready']));

    expect(played).toMatchObject({ reached: { at: null } });
    expect(played.failure).toContain('It completed.');
  });

  test('is told by its ReplicaSet where it has the image that runs', async () => {
    const watch = makeWatch(new AbortController().signal);
    const asked = { awaited: { ...awaits.awaited, notReplicaSet: 'web:v2' }, until: 'complete' } as const;
    const other = { ...deployment(1), replicaSet: 'web-b' } as Observation;
    const renewed = {
      kind: 'pods',
      pods: [{ name: 'b', replicaSet: 'web-b', image: 'web:v2', state: 'ready' }],
    } as const;
    // The Deployment as it was is settled, too, and has the same image.
    seeLater(watch, application('Healthy'), deployment(1), pods(['web:v2', 'ready']), other, renewed);
    const played = await followRollout(quietTarget(), watch, pushed, asked, 5_000, new AbortController().signal);

    expect(played).toMatchObject({ completeAt: 4_000, lastOldPodGoneAt: 5_000, failure: null });
  });
});
