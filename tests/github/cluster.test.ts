import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { places } from '../../cluster/constructs/service-accounts.ts';
import { modulesOf } from './modules.ts';
import { needs, sources, workflow, type Job } from './workflows.ts';

const cluster = workflow('cluster');
const stack = workflow('stack');

/** Where a job of main runs, as the federation sees it. */
function placeOf({ environment }: Job): string {
  if (environment === undefined) return 'refs/heads/main';
  return environment === 'cluster-plan' ? 'environment:cluster-plan' : `environment:${environment}:refs/heads/main`;
}

/** The jobs of all workflows that act as one of the identities, by what they are called. */
function jobsAs(marker: RegExp): Job[] {
  return sources.flatMap(({ workflow: found }) =>
    Object.values(found?.jobs ?? {}).filter((job) => marker.test(JSON.stringify(job))),
  );
}

test.each([
  ['push', /"service_account":"[^"]*outputs\.push /],
  ['plan', /"as":"plan"/],
  ['apply', /"as":"apply"/],
  ['verify', /actions\/cluster"/],
] as const)('every job that acts as %s runs where the federation lets it', (identity, marker) => {
  const jobs = jobsAs(marker);

  expect(jobs).not.toEqual([]);
  for (const job of jobs) {
    expect(placeOf(job)).toBe(places[identity]);
    expect(job.permissions).toMatchObject({ 'id-token': 'write' });
  }
});

test('on main the platform is planned and applied before argocd is planned', () => {
  expect(cluster.jobs['platform']).toMatchObject({
    uses: './.github/workflows/stack.yaml',
    with: { stack: 'platform' },
  });
  expect(cluster.jobs['argocd']).toMatchObject({ needs: ['clusters', 'platform'], with: { stack: 'argocd' } });
});

test('bootstrap is in no workflow', () => {
  const scripts = sources.flatMap(({ steps }) => steps.map(({ run = '' }) => run));

  expect(cluster.jobs['plan']?.strategy?.matrix).toEqual({
    cluster: '${{ fromJSON(needs.clusters.outputs.clusters) }}',
    stack: ['platform', 'argocd'],
  });
  expect(scripts.join('\n')).not.toContain('bootstrap');
});

test('what is applied is the plan that was shown, by its digest, after the approval of the environment', () => {
  const { plan, apply } = stack.jobs;
  const last = apply?.steps?.at(-1);

  expect(apply?.environment).toBe('cluster');
  expect(apply?.if).toBe("${{ needs.plan.outputs.changed == 'true' }}");
  expect(last?.run).toBe(
    'npm run pipeline -- apply "$STACK" --cluster "$CLUSTER" --plan approved.tfplan --sha256 "$SHA256"',
  );
  expect(last?.env?.['SHA256']).toBe('${{ needs.plan.outputs.sha256 }}');
  expect(JSON.stringify(plan?.steps)).toContain('GITHUB_STEP_SUMMARY');
});

test('an apply is never cancelled, a plan of an older commit is', () => {
  expect(cluster.concurrency).toEqual({
    group: 'cluster-${{ github.ref }}',
    'cancel-in-progress': "${{ github.event_name == 'pull_request' }}",
  });
});

test('its last job always reports, so that it can be required', () => {
  const { cluster: last, ...others } = cluster.jobs;
  if (last === undefined) throw new Error('cluster.yaml has no job cluster.');

  expect(needs(last).toSorted()).toEqual(Object.keys(others).toSorted());
  expect(last.if).toBe('${{ always() }}');
  expect(cluster.on).toMatchObject({ pull_request: null, merge_group: null });
});

test('a pull request that leaves the cluster alone asks Google nothing', () => {
  const [, look] = cluster.jobs['changed']?.steps ?? [];
  const compared = /-- (.*?) &&/.exec(look?.run ?? '')?.[1]?.split(' ') ?? [];
  const applied = (cluster.on['push']?.paths ?? []).filter((filter) => !filter.startsWith('.github/workflows'));

  expect(compared.toSorted()).toEqual(applied.map((filter) => filter.replace(/\/\*\*$/, '')).toSorted());
});

test('whatever the stacks are made of starts a plan and an apply', () => {
  const filters = cluster.on['push']?.paths ?? [];
  // Of the package, the errors, git and how a command ends: they make nothing of a stack.
  const made = modulesOf('cluster/synthesize.ts', 'cluster/check.ts').filter(
    (module) => !/^packages\/zerodrop\/src\/(?:command|errors|git)\.ts$/.test(module),
  );

  expect(made).toContain('apps/argo/application.ts');
  for (const module of made) {
    const isWatched = filters.some(
      (filter) => filter === module || (filter.endsWith('/**') && module.startsWith(filter.slice(0, -2))),
    );
    expect([module, isWatched]).toEqual([module, true]);
  }
});

test.each([
  ['cluster/versions.ts', 'changed=true\n'],
  ['service/app.ts', 'changed=false\n'],
])('whether it leaves the cluster alone is seen from its files: %s', (file, expected) => {
  const directory = mkdtempSync(path.join(tmpdir(), 'zerodrop-changed-'));
  const git = (...args: string[]) => {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
    execFileSync('git', ['-C', directory, ...identity, ...args]);
  };
  try {
    git('init', '--quiet');
    git('commit', '--quiet', '--allow-empty', '--message=main');
    mkdirSync(path.join(directory, path.dirname(file)));
    writeFileSync(path.join(directory, file), '');
    git('add', '.');
    git('commit', '--quiet', '--message=merge');
    const output = path.join(directory, 'output');
    const script = cluster.jobs['changed']?.steps?.find(({ id }) => id === 'changed')?.run ?? '';
    execFileSync('bash', ['-eo', 'pipefail', '-c', script], {
      cwd: directory,
      env: { ...process.env, GITHUB_OUTPUT: output },
    });

    expect(readFileSync(output, 'utf8')).toBe(expected);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('Terraform is at least as new as the stacks ask for', () => {
  const action = sources.find(({ file }) => file === '.github/actions/terraform/action.yaml')?.text ?? '';
  const installed = /terraform_version: (\S+)/.exec(action)?.[1] ?? '';
  const least = /'>= (\d+)\.(\d+)\.\d+'/.exec(readFileSync('cluster/versions.ts', 'utf8')) ?? [];
  const [major, minor] = installed.split('.').map(Number);

  expect(major).toBe(Number(least[1]));
  expect(minor).toBeGreaterThanOrEqual(Number(least[2]));
});
