import { expect, test } from 'vitest';
import { publishCommand, publishReport, stepOutputs } from '../../../release/commands/publish.ts';

const pin = (tag: string, digit: string) => ({
  image: `web:${tag}@sha256:${'0'.repeat(64)}`,
  source: digit.repeat(40),
});

test('prints the commit alone, for a workflow to take up', () => {
  expect(publishReport('staging', { kind: 'published', commit: 'abc', allowed: [] })).toEqual({
    stdout: 'abc\n',
    stderr: '',
    exitCode: 0,
  });
  expect(publishReport('staging', { kind: 'unchanged', commit: 'abc' })).toEqual({
    stdout: 'abc\n',
    stderr: 'Nothing to commit: staging has it already.\n',
    exitCode: 0,
  });
});

test('prints no commit where there is none to watch, and ends well', () => {
  expect(publishReport('staging', { kind: 'superseded', pinned: pin('2', 'b') })).toEqual({
    stdout: '',
    stderr: 'superseded: staging has 2 (bbbbbbb), which is newer. Nothing is changed.\n',
    exitCode: 0,
  });
  const rolledBack = { kind: 'rolled-back', former: pin('2', 'b'), pinned: pin('1', 'a') } as const;
  expect(publishReport('staging', rolledBack)).toEqual({
    stdout: '',
    stderr:
      'rolled back: staging was rolled back from 2 (bbbbbbb) to 1 (aaaaaaa), and this release is not newer. Nothing is changed: release a newer commit, or this one with --again.\n',
    exitCode: 0,
  });
  expect(publishReport('staging', { ...rolledBack, pinned: null }).stderr).toContain('from 2 (bbbbbbb) to nothing, ');
});

test('says no where the guard does', () => {
  expect(publishReport('staging', { kind: 'refused', refusals: [] })).toMatchObject({ stdout: '', exitCode: 1 });
});

async function run(...args: readonly string[]) {
  return publishCommand(args, new AbortController().signal);
}

test('asks for what is missing', async () => {
  const whole = ['--environment', 'staging', '--image', pin('1', 'a').image, '--source', 'a'.repeat(40)];
  await expect(run()).rejects.toThrow('--environment is missing');
  await expect(run(...whole, '--within-seconds', 'soon')).rejects.toThrow('--within-seconds is "soon"');
  await expect(run(...whole, '--allow', 'max-unavailable')).rejects.toThrow('--allow needs --because');
  expect(await run('--help')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('release -- publish') });
});

test('tells a workflow whether this run has pushed', () => {
  expect(stepOutputs({ kind: 'published', commit: 'abc', allowed: [] }, 'abc')).toBe('commit=abc\npushed=true\n');
  expect(stepOutputs({ kind: 'unchanged', commit: 'abc' }, 'abc')).toBe('commit=abc\npushed=false\n');
  expect(stepOutputs({ kind: 'superseded', pinned: pin('2', 'b') }, '')).toBe('commit=\npushed=false\n');
});
