import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { PlayedRollout, PlayedSide } from '../../../src/rehearse/cluster.ts';
import { at, type Manifest, serviceContainer } from '../../../src/rehearse/manifests/object.ts';
import { parseOptions } from '../../../src/rehearse/options.ts';
import { type Scene, scenesNamed } from '../../../src/rehearse/play/scenes.ts';
import type { Setup } from '../../../src/rehearse/play/setup.ts';
import { makePlayer } from '../../../src/rehearse/play/steps.ts';
import { makeWatch, type PodObservation } from '../../../src/rollout/watch.ts';
import { deployment } from '../embedded/tiny-repository.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'zerodrop-test-'));
const file = path.join(folder, 'manifests', 'tiny.yaml');
mkdirSync(path.dirname(file));

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A cluster that has synced what is pushed at once. Pods of an image `missing` fail, and old ones stay. */
async function played(name: string): Promise<{ readonly rollouts: PlayedRollout[]; readonly did: string[] }> {
  const first = deployment('web:v0') as Manifest;
  writeFileSync(file, JSON.stringify(first));
  const written = [readFileSync(file, 'utf8')];
  const did: string[] = [];
  const watch = makeWatch(new AbortController().signal);
  let commits = 0;
  let well: PodObservation[] = [];
  const show = (): void => {
    const object = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
    const image = String(serviceContainer(object)?.['image']);
    const template = JSON.stringify(at(object, 'spec', 'template'));
    const replicas = Number(at(object, 'spec', 'replicas'));
    const isBad = image === 'missing';
    const fresh = Array.from({ length: isBad ? 1 : replicas }, (_, n): PodObservation => {
      return { name: `${n}`, replicaSet: template, image, state: isBad ? 'failed' : 'ready' };
    });
    const isWhole = { settled: !isBad, replicas, updated: fresh.length, ready: replicas, available: replicas };
    watch.see({ at: Date.now(), kind: 'deployment', image, replicaSet: template, failure: null, ...isWhole });
    const status = { sync: 'Synced', health: isBad ? 'Progressing' : 'Healthy', phase: 'Succeeded' } as const;
    const rest = { pending: false, message: null, conditions: [] };
    const revision = String(commits);
    watch.see({ at: Date.now(), kind: 'application', revision, phaseRevision: revision, ...status, ...rest });
    watch.see({ at: Date.now(), kind: 'pods', pods: [...well, ...fresh] });
    if (isBad) return;
    // In between both are there.
    setTimeout(() => watch.see({ at: Date.now(), kind: 'pods', pods: fresh }), 30);
    well = fresh;
  };
  const numbers = { replicas: 2, minReadySeconds: 0, drainMs: 1_000, graceSeconds: 2 };
  const rehearsed = { deployment: first, autoscaler: null, application: { path: 'manifests' } };
  const side = { directory: folder, revision: 'r', rehearsed, program: null } as unknown as PlayedSide;
  const setup = {
    scratch: {
      directory: folder,
      commit: async (message: string) => {
        did.push(message);
        written.push(readFileSync(file, 'utf8'));
      },
      revert: async () => {
        did.push('revert');
        written.pop();
        writeFileSync(file, written.at(-1) ?? '');
      },
      push: async () => {
        commits += 1;
        setTimeout(show, 10);
        return String(commits);
      },
    },
    cluster: {
      follow: async () => undefined,
      refresh: async () => undefined,
      explain: async () => '',
      disturb: {
        outage: async (part: string, isAway: boolean) => void did.push(`${part} ${isAway ? 'away' : 'back'}`),
      },
    },
    watch,
    options: parseOptions([]),
    signal: new AbortController().signal,
    steps: { rolling: () => undefined, rolled: () => undefined },
    rehearsed,
    numbers: { played: numbers, committed: numbers },
    untilLost: false,
  } as unknown as Setup;
  const rollouts: PlayedRollout[] = [];
  const [scene] = scenesNamed(name) as readonly [Scene];
  const bad = scene.steps.some(({ does }) => does.kind === 'release' && does.fault === 'missing');
  const player = makePlayer({
    setup,
    release: async (version) => ({
      version: `v${version}`,
      side,
      image: bad && version === 2 ? 'missing' : `web:v${version}`,
    }),
    samples: [],
    rollouts,
    blind: new AbortController().signal,
  });
  expect(await player.deploy()).toBe(true);
  await player.play(scene);
  return { rollouts, did };
}

test('a release and its revert are followed to their ends', async () => {
  const { rollouts, did } = await played('release-and-revert');

  expect(did).toEqual(['Release v1', 'Release v2', 'revert']);
  expect(rollouts.map(({ name, from, to, failure }) => [name, from, to, failure])).toEqual([
    ['first deployment', null, 'v1', null],
    ['release', 'v1', 'v2', null],
    ['revert', 'v2', 'v1', null],
  ]);
  expect(
    rollouts.filter(({ forecast, lastOldPodGoneAt }) => forecast === undefined || lastOldPodGoneAt === null),
  ).toEqual([]);
});

test('a bad release goes on until its pods fail, and its revert brings back what was there', async () => {
  const { rollouts } = await played('bad-image');

  expect(rollouts[1]).toMatchObject({
    name: 'bad release',
    completeAt: null,
    failure: null,
    reached: { what: 'its pods fail' },
  });
  expect(rollouts[2]).toMatchObject({ name: 'revert', from: 'v2', to: 'v1', failure: null });
  expect(readFileSync(file, 'utf8')).toContain('web:v1');
});

test('a change of configuration and its revert keep the version', async () => {
  const { rollouts } = await played('configuration');

  expect(rollouts.slice(1).map(({ name, from, to, failure }) => [name, from, to, failure])).toEqual([
    ['configuration', 'v1', 'v1', null],
    ['revert', 'v1', 'v1', null],
  ]);
  expect(readFileSync(file, 'utf8')).not.toContain('zerodrop/rehearsed');
});

test('fewer pods are due while a number is on its way', async () => {
  const { rollouts } = await played('scale-midway');

  expect(rollouts.slice(2).map(({ name, replicas, allowed }) => [name, replicas, allowed?.leastReady])).toEqual([
    ['scale up', 3, 2],
    ['scale down', 2, 2],
  ]);
});
