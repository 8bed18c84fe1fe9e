import { expect, test } from 'vitest';
import { projectOf } from '../../apps/project.ts';
import { render } from '../../apps/render.ts';
import { refusalsOf } from '../../release/guard.ts';
import { imageRepository, settings } from '../settings/sample.ts';

const owned = { ...settings, environments: [{ name: 'production' }] };
const pin = { image: `${imageRepository}:v1@sha256:${'0'.repeat(64)}`, source: 'a'.repeat(40) };

/** The files of a service that is released. */
function filesOf(web: object): ReadonlyMap<string, string> {
  const given = new Map([['web', { kind: 'web', exposure: 'load-balancer', ...web }]]);
  return render(projectOf(owned, given), new Map([['production/web', pin]]));
}

const [replicas, autoscale] = [3, { min: 3, max: 10 }];

test.each([
  ['an autoscaler comes', { replicas }, { replicas, autoscale }, []],
  ['the number goes', { replicas, autoscale }, { autoscale }, []],
  ['both at once', { replicas }, { autoscale }, ['replicas-lost']],
  ['the autoscaler goes', { autoscale }, { replicas: 5 }, []],
  ['the autoscaler goes, before the number did', { replicas: 5, autoscale }, { replicas: 5 }, []],
  ['the autoscaler goes, and most pods with it', { autoscale }, { replicas }, ['capacity-cut']],
  ['the least becomes more', { autoscale }, { autoscale: { min: 5, max: 10 } }, []],
  ['the most becomes a third', { autoscale }, { autoscale: { min: 2, max: 3 } }, ['capacity-cut']],
  ['a surge becomes a share', { replicas }, { replicas, maxSurge: '50%' }, []],
  ['configuration comes', { replicas }, { replicas, config: { A: '1' }, files: { '/etc/a': 'a' } }, []],
  ['configuration changes', { replicas, config: { A: '1' } }, { replicas, config: { A: '2' } }, []],
  ['a file changes', { replicas, files: { '/a': '1' } }, { replicas, files: { '/a': '2' } }, []],
  ['configuration is read no more', { replicas, config: { A: '1' } }, { replicas, config: {} }, []],
  ['what nobody reads goes', { replicas, config: {}, files: {} }, { replicas }, []],
  ['configuration goes at once', { replicas, config: { A: '1' } }, { replicas }, ['prune-with-rollout']],
  ['a hook drains', { replicas }, { replicas, preStop: 'sleep' }, []],
  ['the program drains again', { replicas, preStop: 'sleep' }, { replicas }, []],
  ['an exit comes', { replicas }, { replicas, googleServiceAccount: 'web-app@my-project.iam.gserviceaccount.com' }, []],
])('%s: the guard says as much as the how-to', (_step, before, after, refused) => {
  expect(refusalsOf(filesOf(before), filesOf(after)).map(({ rule }) => rule)).toEqual(refused);
});

const worker = { kind: 'worker', exposure: undefined, longestJobSeconds: 60 };

test.each([
  ['grows', { ...worker, replicas: 1 }, { ...worker, replicas: 4 }],
  ['shrinks', { ...worker, replicas: 2 }, { ...worker, replicas: 1 }],
  ['must not run twice', { ...worker, replicas: 1 }, { ...worker, replicas: 1, recreate: true }],
  ['gets a longer job', { ...worker, replicas: 1 }, { ...worker, replicas: 1, longestJobSeconds: 600 }],
  ['gets metrics', { ...worker, replicas: 1 }, { ...worker, replicas: 1, managementPort: 9090 }],
])('a worker that %s loses no request', (_step, before, after) => {
  expect(refusalsOf(new Map(), filesOf(before))).toEqual([]);
  expect(refusalsOf(filesOf(before), filesOf(after))).toEqual([]);
});
