import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pinPath, type TargetPath } from '../../apps/pins.ts';
import { ownPaths } from '../../release/publish/render.ts';
import { buildOf } from '../../settings/build.ts';
import { starts } from './filters.ts';
import { needs, sources, workflow } from './workflows.ts';

const release = workflow('release');
const service = workflow('release-service');

test('nothing that a release writes starts the next, and everything else may', () => {
  const target: TargetPath = 'production/api';
  const written = ownPaths(target).map((path) => (path === pinPath(target) ? path : `${path}/api.yaml`));

  expect(release.on['push']?.branches).toEqual(['main']);
  expect(starts(release, 'push', written)).toBe(false);
  const others = [
    'service/main.ts',
    'api/main.go',
    'apps/services/api.ts',
    'settings.ts',
    'argocd/api-production.yaml',
  ];
  expect(others.filter((path) => !starts(release, 'push', [path]))).toEqual([]);
});

test("everything that the example's image is made of counts as its own", () => {
  const context = readFileSync('.dockerignore', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('!'));
  const copied = context.map((line) => line.slice(1)).map((line) => (line === 'service' ? 'service/main.ts' : line));
  const { paths } = buildOf({});

  expect(copied).toContain('service/main.ts');
  for (const path of [...copied, 'Dockerfile', '.dockerignore']) {
    expect([path, paths.some((own) => path === own || path.startsWith(`${own}/`))]).toEqual([path, true]);
  }
});

test('the job with the key has no identity, the one that builds no key', () => {
  expect(workflow('release-target').jobs['release']?.permissions).toEqual({ contents: 'read' });
  expect(service.jobs['build']?.environment).toBeUndefined();
});

test('a signature counts only with the identity of the workflow that signs, on main', () => {
  const signing = sources.filter(({ steps }) => steps.some(({ run = '' }) => run.startsWith('cosign sign')));
  const verifies = (service.jobs['signature']?.steps ?? []).find(({ run = '' }) => run.startsWith('cosign verify'));

  // A certificate names the file that a job is in, also where another workflow calls it: the token's job_workflow_ref.
  expect(signing.map(({ file }) => file)).toEqual(['.github/workflows/release-service.yaml']);
  expect(verifies?.env).toMatchObject({
    IDENTITY: `\${{ github.server_url }}/\${{ github.repository }}/${signing[0]?.file}@\${{ github.ref }}`,
    ISSUER: 'https://token.actions.githubusercontent.com',
  });
  expect(release.jobs['services']?.if).toContain("github.ref == 'refs/heads/main'");
  expect(needs(release.jobs['release'] ?? {})).toEqual(['services']);
  expect(needs(service.jobs['release'] ?? {})).toContain('signature');
});

test('whichever run is left of those that waited releases what main has when it begins', () => {
  const { steps = [], outputs = {} } = service.jobs['build'] ?? {};
  expect(steps[0]?.with).toMatchObject({ ref: 'main', 'fetch-depth': 0 });
  const newest = steps.findIndex(({ id }) => id === 'newest');
  expect(steps[newest]?.run).toContain('pipeline -- newest --service "$SERVICE"');

  // The image is built of the files that its tag and its label name.
  expect(outputs['source']).toBe('${{ steps.newest.outputs.source }}');
  expect(JSON.stringify(service)).not.toContain('inputs.source');
  expect(JSON.stringify(steps).split('${{ steps.newest.outputs.source }}')).toHaveLength(3);
  const { with: handed, strategy } = service.jobs['release'] ?? {};
  expect(handed?.['source']).toBe('${{ needs.build.outputs.source }}');
  expect(strategy?.matrix).toEqual({ environment: '${{ fromJSON(needs.build.outputs.environments) }}' });
});

test('a running release of a service is never cancelled, and one that waits not by another service or a branch', () => {
  expect(release.jobs['release']?.concurrency).toEqual({
    group: 'release-${{ matrix.service }}',
    'cancel-in-progress': false,
  });
  expect(release.concurrency?.['cancel-in-progress']).toBe(false);
});
