import { expect, test } from 'vitest';
import type { Manifest } from '../../../src/rehearse/manifests/object.ts';
import type { Rehearsed } from '../../../src/rehearse/manifests/rehearsed.ts';
import { parseOptions, type RehearsalOptions } from '../../../src/rehearse/options.ts';
import { refusal } from '../../../src/rehearse/play/run.ts';
import { type Scene, scenesNamed } from '../../../src/rehearse/play/scenes.ts';
import { deployment } from '../embedded/tiny-repository.ts';

const rehearsed: Pick<Rehearsed, 'deployment' | 'autoscaler'> = {
  deployment: deployment('registry.test/tiny:v1') as Manifest,
  autoscaler: null,
};
const registry = ['--context', 'lab', '--registry', '127.0.0.1:5000'];
const digest = `@sha256:${'0'.repeat(64)}`;

function told(name: string, args: readonly string[], found = rehearsed): string | null {
  const [scene] = scenesNamed(name) as readonly [Scene];
  return refusal(scene, parseOptions(args) as RehearsalOptions, found);
}

test('the embedded cluster plays everything but an outage of its own API server', () => {
  const all = scenesNamed('all').filter(({ name }) => told(name, []) !== null);

  expect(all.map(({ name }) => name)).toEqual(['api-server-away']);
});

test('a real cluster plays what its owner has not to say, and no lag of its own', () => {
  const refused = scenesNamed('all').filter(({ name }) => told(name, registry) !== null);

  expect(refused.map(({ name }) => name)).toEqual([
    'pod-killed',
    'lag-jump',
    'registry-away',
    'argo-cd-away',
    'api-server-away',
  ]);
  expect(told('argo-cd-away', registry)).toContain('the key argo-cd of --own-cluster FILE');
});

test('images that exist can not be made worse, and are two', () => {
  const images = ['--context', 'lab', '--images', `web:1${digest},web:2${digest}`];

  expect(told('crash-at-start', images)).toContain('--registry');
  expect(told('two-merges', images)).toContain('--registry');
  expect(told('bad-image', images)).toBeNull();
});

test('a remote that others use is not taken away', () => {
  expect(told('git-away', [...registry, '--repository', 'https://git.test/web.git'])).toContain('--repository');
});

test('an autoscaler with one number of pods scales nothing', () => {
  const found = { ...rehearsed, autoscaler: { min: 3, max: 3 } };

  expect(told('scale-midway', [], found)).toContain('one number of pods');
});
