import { expect, test } from 'vitest';
import { UsageError } from 'zerodrop/errors';
import { run, usage } from '../../pipeline/run.ts';
import { sha256 } from '../../pipeline/terraform.ts';

test('names go to stdout as a step reads them, and nothing else does', async () => {
  const { exitCode, stdout } = await run(['names']);

  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^([a-z-]+=\S+\n)+$/);
});

test('what the last environment runs is empty before its first release', async () => {
  expect(await run(['pinned'])).toEqual({
    stdout: expect.stringMatching(/^image=\S*\nsource=[0-9a-f]*\n$/),
    stderr: '',
    exitCode: 0,
  });
});

test('without a command it says what there is', async () => {
  expect(await run([])).toEqual({ stdout: usage, stderr: '', exitCode: 0 });
});

test.each([
  [['nonsense'], 'There is no command "nonsense".'],
  [['constructor'], 'There is no command "constructor".'],
  [['image'], '--source is missing.'],
  [['image', '--source', 'HEAD'], '--source is "HEAD", expected all 40 hex digits of a commit'],
  [['image', '--source', 'a'.repeat(40)], 'The variable REGISTRY_TOKEN is missing.'],
  [['environments', '--since', 'main'], '--since is "main", expected all 40 hex digits'],
  [['rollback', '--base', 'main', '--head', 'HEAD'], '--base is "main", expected all 40 hex digits'],
  [['plan'], 'The stack is missing, expected platform or argocd.'],
  [['plan', 'bootstrap'], 'expected platform or argocd'],
  [['comment', 'platform', '--pull-request', 'main'], '--pull-request is "main", expected a number.'],
  [['comment', 'bootstrap', '--pull-request', '1'], 'expected platform or argocd'],
  [['source'], '--environment is missing. settings.ts has '],
  [['source', '--environment', ''], '--environment is empty.'],
  [['names', '--json'], "Unknown option '--json'."],
  [['pinned', 'production'], '"production" is one word too many.'],
  [['sorce'], 'There is no command "sorce". Did you mean source? The commands are names, '],
  [['source', '--environment', 'no-such-1'], '--environment is "no-such-1", but settings.ts has '],
  [['source', '--environment', 'constructor'], '--environment is "constructor", but settings.ts has '],
  [['environments', '--until', 'x'], "Unknown option '--until'"],
])('%j is a wrong use', async (args, sentence) => {
  const { exitCode, stdout, stderr } = await run(args);

  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toContain(sentence);
});

test('what a service or tool did not do ends with 3', async () => {
  expect(await run(['summary', '/nowhere'])).toMatchObject({ exitCode: 3, stdout: '' });
});

test.each([['source', '--help'], ['-h'], ['plan', 'platform', '-h']])('%s is told what there is', async (...args) => {
  expect(await run(args)).toEqual({ stdout: usage, stderr: '', exitCode: 0 });
});

test('a plan that is not there is a wrong use', async () => {
  await expect(sha256('/nowhere/plan')).rejects.toThrow(
    new UsageError(
      "The plan /nowhere/plan can't be read (ENOENT: no such file or directory, open '/nowhere/plan'). Name the file that pipeline plan saved.",
    ),
  );
});
