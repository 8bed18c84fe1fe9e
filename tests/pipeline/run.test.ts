import { expect, test } from 'vitest';
import { UsageError } from 'zerodrop/errors';
import { run, usage } from '../../pipeline/run.ts';
import { sha256 } from '../../pipeline/terraform.ts';
import { settings } from '../../settings.ts';
import { firstOf } from '../../settings/settings.ts';

const service = ['--service', firstOf(settings.services).name];
const cluster = ['--cluster', firstOf(settings.clusters).name];

test('names go to stdout as a step reads them, and nothing else does', async () => {
  const { exitCode, stdout } = await run(['names']);

  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^([a-z-]+=\S+\n)+$/);
});

test.each([
  [['pinned'], ['targets']],
  [
    ['changes', '--since', '0'.repeat(40)],
    ['services', 'targets', 'rehearsals'],
  ],
])('%j gives a step lists for a matrix', async (args, outputs) => {
  const { stdout, stderr, exitCode } = await run(args);
  const lines = stdout.trimEnd().split('\n');

  expect([stderr, exitCode]).toEqual(['', 0]);
  expect(lines.map((line) => line.split('=')[0])).toEqual(outputs);
  for (const line of lines) expect(JSON.parse(line.slice(line.indexOf('=') + 1))).toBeInstanceOf(Array);
});

test('a run that waited is told the source that main has now', async () => {
  const { stdout, exitCode } = await run(['newest', ...service]);
  expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^source=[0-9a-f]{40}\n/)]);
});

test('without a command it says what there is', async () => {
  expect(await run([])).toEqual({ stdout: usage, stderr: '', exitCode: 0 });
});

test.each([
  [['nonsense'], 'There is no command "nonsense".'],
  [['constructor'], 'There is no command "constructor".'],
  [['image'], '--source is missing.'],
  [['image', '--source', 'HEAD'], '--source is "HEAD", expected all 40 hex digits of a commit'],
  [['image', '--source', 'a'.repeat(40), ...service], 'The variable REGISTRY_TOKEN is missing.'],
  [['changes', '--since', 'main'], '--since is "main", expected all 40 hex digits'],
  [['changes'], '--since is missing.'],
  [['rollback', '--base', 'main', '--head', 'HEAD'], '--base is "main", expected all 40 hex digits'],
  [['signatures', '--base', 'a'.repeat(40)], '--head is missing.'],
  [['signatures', '--base', 'main', '--head', 'HEAD'], '--base is "main", expected all 40 hex digits'],
  [['plan', ...cluster], 'The stack is missing, expected platform or argocd.'],
  [['plan', 'bootstrap', ...cluster], 'expected platform or argocd'],
  [['plan', 'platfrom', ...cluster], 'expected platform or argocd. Did you mean platform?'],
  [['comment', 'platform', '--pull-request', 'main'], '--pull-request is "main", expected a number.'],
  [['comment', 'bootstrap', '--pull-request', '1'], 'expected platform or argocd'],
  [
    ['comment', 'platform', '--pull-request', '1', '--plan', '/nowhere', '--cluster', 'no-such-1'],
    '--cluster is "no-such-1", but settings.ts has ',
  ],
  [['apply', 'platform', '--plan', '/nowhere', '--sha256', 'abc'], '--sha256 is "abc", expected the 64 hex digits'],
  [['names', '--environment', ''], '--environment is empty.'],
  [['releases', '--service', 'constructor'], '--service is "constructor", but settings.ts has '],
  [['image', '--source', 'a'.repeat(40), '--service', 'nobody-1'], '--service is "nobody-1", but settings.ts has '],
  [['names', '--json'], "Unknown option '--json'."],
  [['pinned', 'production'], '"production" is one word too many.'],
  [['relases'], 'There is no command "relases". Did you mean releases? The commands are names, '],
  [['names', '--environment', 'no-such-1'], '--environment is "no-such-1", but settings.ts has '],
  [['names', '--environment', 'constructor'], '--environment is "constructor", but settings.ts has '],
  [['changes', '--until', 'x'], "Unknown option '--until'"],
])('%j is a wrong use', async (args, sentence) => {
  const { exitCode, stdout, stderr } = await run(args);

  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toContain(sentence);
});

test('what a service or tool did not do ends with 3', async () => {
  expect(await run(['summary', '/nowhere'])).toMatchObject({ exitCode: 3, stdout: '' });
});

test.each([['releases', '--help'], ['-h'], ['plan', 'platform', '-h']])('%s is told what there is', async (...args) => {
  expect(await run(args)).toEqual({ stdout: usage, stderr: '', exitCode: 0 });
});

test('a plan that is not there is a wrong use', async () => {
  await expect(sha256('/nowhere/plan')).rejects.toThrow(
    new UsageError(
      "The plan /nowhere/plan can't be read (ENOENT: no such file or directory, open '/nowhere/plan'). Name the file that pipeline plan saved.",
    ),
  );
});
