import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { applicationPath, pinPath } from '../../apps/pins.ts';
import { settings } from '../../settings.ts';
import { firstOf } from '../../settings/settings.ts';
import { needs, sources, workflow } from './workflows.ts';

const release = workflow('release');
const paths = release.on['push']?.paths ?? [];
const service = firstOf(settings.services).name;
const environments = settings.environments.map(({ name }) => name);

/** GitHub's filter for the two shapes that are used: a file, and everything below a folder. */
function matches(filter: string, path: string): boolean {
  return filter.endsWith('/**') ? path.startsWith(filter.slice(0, -2)) : path === filter;
}

test('nothing that a release writes starts a build', () => {
  const written = environments.flatMap((environment) => [
    pinPath(`${environment}/${service}`),
    `manifests/${environment}/${service}/${service}.yaml`,
    applicationPath(`${environment}/${service}`),
  ]);

  expect(paths).not.toEqual([]);
  for (const path of written) expect([path, paths.some((filter) => matches(filter, path))]).toEqual([path, false]);
});

test('everything that the image is made of starts a build', () => {
  const context = readFileSync('.dockerignore', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('!'));
  const copied = context.map((line) => line.slice(1)).map((path) => (path === 'service' ? 'service/main.ts' : path));

  expect(copied).toContain('service/main.ts');
  for (const path of [...copied, 'Dockerfile', '.dockerignore']) {
    expect([path, paths.some((filter) => matches(filter, path))]).toEqual([path, true]);
  }
});

test('nothing is built, and so nothing is offered, where the image is released already', () => {
  expect(release.jobs['build']?.if).toBe(
    "${{ needs.source.outputs.released == 'false' || github.event_name == 'workflow_dispatch' }}",
  );
  for (const name of ['signature', 'release', 'verify', 'promote']) {
    const waitsFor = needs(release.jobs[name] ?? {}).flatMap((job) => [job, ...needs(release.jobs[job] ?? {})]);
    expect([name, release.jobs[name]?.if ?? '']).not.toEqual([name, expect.stringContaining('always()')]);
    expect([name, waitsFor.some((job) => job === 'build' || job === 'release')]).toEqual([name, true]);
  }
});

test('the job with the key has no identity, the one that builds no key', () => {
  expect(release.jobs['release']?.permissions).toEqual({ contents: 'read' });
  expect(release.jobs['build']?.environment).toBeUndefined();
});

test('a signature counts only with the identity of this very workflow on main', () => {
  const verifies = (release.jobs['signature']?.steps ?? []).find(({ run = '' }) => run.startsWith('cosign verify'));

  expect(verifies?.env).toMatchObject({
    IDENTITY: '${{ github.server_url }}/${{ github.workflow_ref }}',
    ISSUER: 'https://token.actions.githubusercontent.com',
  });
  expect(release.jobs['source']?.if).toContain("github.ref == 'refs/heads/main'");
  expect(needs(release.jobs['build'] ?? {})).toContain('source');
});

test('only what this run has built is attested and signed', () => {
  const steps = release.jobs['build']?.steps ?? [];
  const vouching = steps.filter(
    ({ uses = '', run = '' }) => uses.startsWith('actions/attest@') || run.includes('cosign sign'),
  );

  expect(vouching).toHaveLength(2);
  for (const { if: condition } of vouching) expect(condition).toContain("steps.build.outcome == 'success'");
});

test('nothing is offered but what the same job, or one before it, has verified', () => {
  const offers = sources.flatMap(({ steps }) => steps).filter(({ run = '' }) => run.includes(' promote '));

  expect(offers).toHaveLength(3);
  for (const { run } of offers) expect(run).toMatch(/ --commit "\$(COMMIT|GITHUB_SHA)"$/);
});

test('a running release is never cancelled, and one that waits not by a run on a branch', () => {
  expect(release.concurrency).toEqual({ group: 'release-${{ github.ref }}', 'cancel-in-progress': false });
});

test('it releases to the first environment, and promotes to the one after it', () => {
  const [first, second] = environments;
  const called = sources.flatMap(({ steps }) => steps.map(({ run = '' }) => run));

  expect(called.join('\n')).toContain(`publish --environment ${first} `);
  for (const run of called.filter((line) => line.includes(' promote '))) {
    expect(run).toContain(`--from ${first} --to ${second} `);
  }
});

test('every environment can be rolled back by hand', () => {
  expect(workflow('roll-back').on['workflow_dispatch']?.inputs?.['environment']?.options).toEqual(environments);
});

test("a commit of the release App is watched by its own run, everyone else's by verify.yaml", () => {
  const verify = workflow('verify');

  expect(verify.on).toEqual({ push: { branches: ['main'], paths: ['manifests/**'] } });
  expect(verify.jobs['environments']?.if).toContain("github.actor != format('{0}[bot]', vars.RELEASE_APP_SLUG)");
});
