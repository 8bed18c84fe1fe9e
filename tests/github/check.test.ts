import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { emptyRepository } from '../release/repository.ts';
import { needs, workflow } from './workflows.ts';

const check = workflow('check');

// The report stops nobody where it can't be written.
const { check: last = {}, report = {}, ...others } = check.jobs;

test('the required check waits for every other job, and always reports', () => {
  expect(needs(last).toSorted()).toEqual(Object.keys(others).toSorted());
  expect(last.if).toBe('${{ always() }}');
});

/** Whether the last job passes, with what the jobs before it ended with: its script, with the expressions as GitHub makes them. */
function passes(
  rollback: string,
  results: Readonly<Record<string, string>>,
  services: string,
  pins = 'false',
  rehearsals = services,
): boolean {
  const step = last.steps?.[0];
  const valueOf = (expression: string): string =>
    expression.replaceAll(
      /\$\{\{ needs\.([\w-]+)\.(?:result|outputs\.(\w+)) \}\}/g,
      (_, job: string, output?: string) => {
        if (output === undefined) return results[job] ?? 'success';
        return { rollback, services, pins, rehearsals }[output] ?? '';
      },
    );
  const env = Object.fromEntries(Object.entries(step?.env ?? {}).map(([name, value]) => [name, valueOf(value)]));
  return (
    spawnSync('bash', ['-eo', 'pipefail', '-c', step?.run ?? ''], { env: { ...process.env, ...env } }).status === 0
  );
}

const skipped = {
  code: 'skipped',
  rehearse: 'skipped',
  services: 'skipped',
  change: 'skipped',
  image: 'skipped',
  'supply-chain': 'skipped',
  signature: 'skipped',
};
const some = '[{"service":"web"}]';

test.each<readonly [string, Readonly<Record<string, string>>, string, boolean]>([
  ['', {}, some, true],
  ['false', {}, some, true],
  ['true', skipped, '', true],
  ['false', skipped, '', false],
  ['', skipped, '', false],
  ['false', { image: 'skipped' }, some, false],
  ['false', { image: 'skipped' }, '[]', true],
  ['false', { image: 'skipped' }, '', false],
  ['false', { image: 'failure' }, some, false],
  ['false', { image: 'cancelled' }, '[]', false],
  ['false', { services: 'failure', image: 'skipped' }, '', false],
  ['false', { services: 'skipped', image: 'skipped' }, '[]', false],
  ['true', { ...skipped, guard: 'failure' }, '', false],
  ['true', { ...skipped, guard: 'skipped' }, '', false],
  ['true', { ...skipped, guard: 'cancelled' }, '', false],
  ['true', { ...skipped, code: 'cancelled' }, '', false],
  ['', { scope: 'failure', ...skipped }, '', false],
  ['', { scope: 'cancelled', ...skipped }, '', false],
  ['false', { rehearse: 'failure' }, some, false],
  ['false', { change: 'failure' }, some, false],
  ['false', { change: 'skipped' }, some, false],
  ['false', { change: 'skipped' }, '[]', true],
  ['false', { change: 'cancelled' }, '[]', false],
  ['false', { 'supply-chain': 'cancelled' }, some, false],
])('where rollback is "%s", jobs ended with %o and the services are %s, the required check passes: %s', (...given) => {
  const [rollback, results, services, expected] = given;
  expect(passes(rollback, results, services)).toBe(expected);
});

test.each<readonly [string, string, string, boolean]>([
  ['', 'success', 'true', true],
  ['', 'skipped', 'false', true],
  ['', 'skipped', 'true', false],
  ['false', 'skipped', 'true', false],
  ['true', 'skipped', 'true', true],
  ['', 'failure', 'true', false],
  ['', 'cancelled', 'true', false],
  ['', 'failure', 'false', false],
])('where rollback is "%s" and the signatures ended with %s, of a change with pins %s, it passes: %s', (...given) => {
  const [rollback, signature, pins, expected] = given;
  const results = rollback === 'true' ? skipped : {};
  expect(passes(rollback, { ...results, signature }, some, pins)).toBe(expected);
});

test('the signatures of what is pinned are asked for by the code of main', () => {
  const { steps = [], environment } = check.jobs['signature'] ?? {};
  const asks = steps.find(({ run = '' }) => run.includes('pipeline -- signatures'));
  expect(asks?.run).toContain(' --base "$BASE" --head "$GITHUB_SHA" ');
  expect(asks?.env).toEqual({ BASE: '${{ steps.range.outputs.base }}' });
  expect(steps.findIndex(({ run = '' }) => run.includes('git checkout'))).toBeLessThan(
    steps.findIndex(({ uses }) => uses === './.github/actions/install'),
  );
  expect(environment).toBe('cluster-plan');
});

test('each service that the change rolls out is rehearsed from main to the change', () => {
  const { change } = check.jobs;
  expect(change?.strategy?.matrix).toEqual({ include: '${{ fromJSON(needs.services.outputs.rehearsals) }}' });
  const played = change?.steps?.find(({ run = '' }) => run.includes('rehearse --'));
  expect(played?.run).toContain('--base "$(git rev-parse "$BASE")" --service "$SERVICE" --environment "$ENVIRONMENT"');
  expect(played?.env?.['BASE']).toBe("${{ github.event.merge_group.base_sha || 'HEAD^1' }}");
});

test("a fork's pull request gets no comment, which its token may not write", () => {
  const reporting = report.steps?.find(({ run = '' }) => run.includes('pipeline -- report'));

  expect(reporting?.env?.['NUMBER']).toBe(
    "${{ github.event.pull_request.head.repo.full_name == github.repository && github.event.number || '' }}",
  );
});

test.each([
  ['apps/images/production/web.json manifests/production/web/web.yaml', 'true', 'true'],
  ['manifests/production/web/web.yaml', 'true', 'false'],
  ['manifests/production/web/web.yaml README.md', 'false', 'false'],
  ['apps/service.ts apps/images/staging/api.json', 'false', 'true'],
  ['argocd/web-production.yaml manifests/production/web/web.yaml', 'false', 'false'],
  ['', 'true', 'false'],
])(
  "which files differ says whether it may be a rollback, by main's code, and whether it changes pins: %s",
  (files, expected, pins) => {
    const repository = emptyRepository();
    repository.commit('main');
    const base = repository.git('rev-parse', 'HEAD');
    for (const file of files.split(' ').filter((name) => name !== '')) repository.write(file, 'changed\n');
    repository.commit('merge');
    const output = path.join(repository.directory, '.git/output');
    const script = check.jobs['scope']?.steps?.find(({ id }) => id === 'paths')?.run ?? '';

    execFileSync('bash', ['-eo', 'pipefail', '-c', script], {
      cwd: repository.directory,
      env: { ...process.env, BASE: 'HEAD^1', GITHUB_OUTPUT: output },
    });

    expect(readFileSync(output, 'utf8')).toBe(`only-released=${expected}\npins=${pins}\nbase=${base}\n`);
    expect(repository.git('rev-parse', 'HEAD')).toBe(base);
  },
);

test('the guard judges what is really merged, on a pull request and in a merge queue', () => {
  const guards = (check.jobs['guard']?.steps ?? []).filter(({ run = '' }) => run.includes(' guard '));

  expect(guards).toHaveLength(2);
  for (const { run, env } of guards) {
    expect(run).toContain(' --base "$BASE" --head "$GITHUB_SHA" ');
    expect(env).toEqual({ BASE: '${{ steps.range.outputs.base }}' });
  }
  const range = check.jobs['guard']?.steps?.find(({ id }) => id === 'range');
  expect(range?.env).toEqual({ BASE: "${{ github.event.merge_group.base_sha || 'HEAD^1' }}" });
});

test('no path filter keeps it from running, where it would stay pending for ever', () => {
  expect(check.on).toEqual({ pull_request: null, merge_group: null });
});

test('the code is checked and rehearsed on every Node.js that it promises to run on', () => {
  for (const job of ['code', 'rehearse']) {
    expect(check.jobs[job]?.strategy?.matrix).toEqual({ node: ['20', '22', '24'] });
    expect(JSON.stringify(check.jobs[job]?.steps)).toContain('"node":"${{ matrix.node }}"');
  }
});

test('no job of it has any right beyond reading the code, but for the one that comments and the one that reads the registry', () => {
  const { signature, ...rest } = others;
  expect(report.permissions).toEqual({ contents: 'read', 'pull-requests': 'write' });
  expect(signature?.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
  for (const { permissions = {} } of [last, ...Object.values(rest)]) {
    expect([{}, { contents: 'read' }]).toContainEqual(permissions);
  }
});
