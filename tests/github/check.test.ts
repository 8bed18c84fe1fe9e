import { expect, test } from 'vitest';
import { needs, workflow } from './workflows.ts';

const check = workflow('check');

test('the required check waits for every other job, and always reports', () => {
  const { check: last, ...others } = check.jobs;
  if (last === undefined) throw new Error('check.yaml has no job check.');

  expect(needs(last).toSorted()).toEqual(Object.keys(others).toSorted());
  expect(last.if).toBe('${{ always() }}');
  expect(last.steps?.[0]?.if).toMatch(/'failure'.*'cancelled'.*'skipped'/);
});

test('no other job is ever left out, also not in a merge queue', () => {
  const conditional = Object.entries(check.jobs).filter(([name, job]) => name !== 'check' && job.if !== undefined);

  expect(conditional).toEqual([]);
});

test('the guard judges what is really merged, on a pull request and in a merge queue', () => {
  const guards = (check.jobs['guard']?.steps ?? []).filter(({ run = '' }) => run.includes(' guard '));

  expect(guards).toHaveLength(2);
  for (const { run, env } of guards) {
    expect(run).toContain(' --base "$BASE" ');
    expect(env).toEqual({ BASE: "${{ github.event.merge_group.base_sha || 'HEAD^1' }}" });
  }
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

test('no job of it has any right beyond reading the code', () => {
  for (const { permissions = {} } of Object.values(check.jobs)) {
    expect([{}, { contents: 'read' }]).toContainEqual(permissions);
  }
});
