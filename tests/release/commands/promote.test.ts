import { expect, test } from 'vitest';
import { OperationError, UsageError } from 'zerodrop/errors';
import { eachOf, nothingWords, promoteCommand } from '../../../release/commands/promote.ts';
import { settings } from '../../../settings.ts';
import { firstOf } from '../../../settings/settings.ts';

const pinned = { image: `web:1.2.5@sha256:${'0'.repeat(64)}`, source: 'b'.repeat(40) };
const request = { from: 'staging', to: 'production', commit: 'a'.repeat(40), again: false, allowance: null };

test('says that something else runs by now than what was to be promoted', () => {
  expect(nothingWords(request, { kind: 'moved-on', pinned, leavesOpen: true })).toBe(
    'Nothing to promote: staging runs 1.2.5 (bbbbbbb) now, and not what aaaaaaa had. Nothing is changed: the run that released it offers it, or promote without --commit.\n',
  );
});

test('renews a pull request and nothing else', async () => {
  const args = ['--from', 'staging', '--to', 'production', '--renew'];
  await expect(promoteCommand(args, new AbortController().signal)).rejects.toThrow(
    '--renew is about a pull request: add --pull-request.',
  );
});

test('takes the commit of a promotion by its whole hash', async () => {
  const service = firstOf(settings.services).name;
  const { name: to, after: from = to } =
    settings.environments.find(({ after }) => after) ?? firstOf(settings.environments);
  const args = ['--service', service, '--from', from, '--to', to, '--commit', 'abc1234'];
  await expect(promoteCommand(args, new AbortController().signal)).rejects.toThrow(
    '--commit is "abc1234", expected all 40 hex digits of a commit',
  );
});

const steps = ['preview', 'canary', 'eu'].map((to) => ({ from: 'staging', to }));
const opened = (to: string) => ({ stdout: `${to} is offered\n`, stderr: '', exitCode: 0 as const });

test('goes every step, also where one does not get through', async () => {
  const gone: string[] = [];
  const going = eachOf(steps, async ({ to }) => {
    gone.push(to);
    if (to === 'canary') throw new OperationError('The remote does not answer.');
    return opened(to);
  });
  await expect(going).rejects.toThrow(
    new OperationError('To canary: The remote does not answer.\npreview is offered\neu is offered'),
  );
  expect(gone).toEqual(['preview', 'canary', 'eu']);
  expect(await eachOf(steps, async ({ to }) => opened(to))).toEqual(['preview', 'canary', 'eu'].map(opened));
});

test('a mistake of the user ends the first step', async () => {
  const going = eachOf(steps, () => Promise.reject(new UsageError('No.')));
  await expect(going).rejects.toThrow(new UsageError('No.'));
});

test('one step fails with its own error', async () => {
  const going = eachOf(steps.slice(0, 1), () => Promise.reject(new OperationError('No answer.')));
  await expect(going).rejects.toThrow(new OperationError('No answer.'));
});

test.each([
  [['--from', 'stagin'], '--from is "stagin", but settings.ts has '],
  [['--to', 'no-such-1'], '--to is "no-such-1", but settings.ts has '],
  [['--from', 'a', '--service', ''], '--service is empty.'],
  [['--environment', 'a'], "Unknown option '--environment'"],
])('says what is wrong with %j', async (args, sentence) => {
  await expect(promoteCommand(args, new AbortController().signal)).rejects.toThrow(sentence);
});
