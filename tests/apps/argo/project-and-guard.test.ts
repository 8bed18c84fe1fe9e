import { describe, expect, test } from 'vitest';
import { isMadeByControllers, project } from '../../../apps/argo/project.ts';
import type { Pins, TargetPath } from '../../../apps/pins.ts';
import { render } from '../../../apps/render.ts';
import { renderYaml } from '../../../apps/yaml.ts';
import { refusalsOf } from '../../../release/guard.ts';
import { imageRepository, project as sample, projectWith, settings } from '../../settings/sample.ts';

const { targets } = sample;
const workloads = ['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet', 'batch/CronJob', 'batch/Job'];
const made = [
  '/Pod',
  'apps/ReplicaSet',
  'apps/ControllerRevision',
  '/Endpoints',
  'discovery.k8s.io/EndpointSlice',
  '/Event',
];

function kind(name: string): { readonly group: string; readonly kind: string } {
  const [group = '', own = ''] = name.split('/');
  return { group, kind: own };
}

/** The rules against a file of these objects that becomes one of those. */
function against(path: string, before: readonly object[], after: readonly object[]): readonly string[] {
  const files = [before, after].map((objects) => new Map([[path, renderYaml([], objects)]]));
  return refusalsOf(files[0] ?? new Map(), files[1] ?? new Map()).map(({ rule }) => rule);
}

test.each(workloads)('the guard permits the project of %s with all that Argo CD shows below it', (name) => {
  const [before, after] = [
    project('https://github.com/a/b', targets, []),
    project('https://github.com/a/b', targets, [kind(name)]),
  ];
  expect(against('argocd/web.project.yaml', [before], [after])).toEqual([]);
});

test.each(made)('the guard and synth agree that git has no %s to bring', (name) => {
  const { group, kind: own } = kind(name);
  const apiVersion = group === '' ? 'v1' : `${group}/v1`;
  const object = { apiVersion, kind: own, metadata: { name: 'extra', namespace: 'web-staging' } };
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'web', namespace: 'web-staging' } };
  expect(against('manifests/staging/web/web.yaml', [account], [account, object])).toContain('made-by-controllers');
  expect(isMadeByControllers(kind(name))).toBe(true);
});

describe('a second cluster', () => {
  const pin = { image: `${imageRepository}:1@sha256:${'0'.repeat(64)}`, source: 'a1'.repeat(20) };
  const paths: readonly TargetPath[] = ['staging/web', 'production/web'];
  const pinned: Pins = new Map(paths.map((path) => [path, pin]));
  const owned = {
    ...settings,
    environments: [
      { name: 'staging', cluster: 'main' },
      { name: 'production', after: 'staging', cluster: 'main' },
      { name: 'spare', after: 'production', cluster: 'west' },
    ],
    clusters: [...settings.clusters, { name: 'west', google: { project: 'other-project', region: 'us-west1' } }],
  };

  test('has projects of the same names, and moves the objects of the first to another folder', () => {
    const [one, two] = [render(sample, pinned), render(projectWith({}, owned), pinned)];
    // Its Argo CD follows the new folder once Terraform has told it: the owner allows these, and nothing that runs is among them.
    const found = refusalsOf(one, two);
    expect([...new Set(found.map(({ rule }) => rule))].toSorted()).toEqual(['application-removed', 'folder-emptied']);
    expect(found.filter(({ path }) => !path.startsWith('argocd/'))).toEqual([]);
  });

  test('may have a namespace of the same name', () => {
    const two = render(
      projectWith({ in: { production: { namespace: 'shop' }, spare: { namespace: 'shop' } } }, owned),
      pinned,
    );
    expect(refusalsOf(new Map(), two).map(({ sentence }) => sentence)).toEqual([]);
  });
});
