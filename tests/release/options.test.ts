import { expect, test } from 'vitest';
import { UsageError } from 'zerodrop/errors';
import { ruleList } from 'zerodrop/guard';
import { publishCommand } from '../../release/commands/publish.ts';
import { allowance, unpushedLine } from '../../release/options.ts';
import { usage } from '../../release/run.ts';
import { remoteOf } from './remote.ts';

const digest = `sha256:${'0'.repeat(64)}`;
const source = 'a'.repeat(40);
const asked = ['--environment', 'staging', '--image', `web:1.2.3@${digest}`, '--source', source];

test('reads what is allowed, each rule once, and the reason as one line', () => {
  expect(allowance(['max-unavailable', 'replicas-lost', 'max-unavailable'], ' a test,\n two lines ')).toEqual({
    rules: ['max-unavailable', 'replicas-lost'],
    because: 'a test, two lines',
  });
});

test('tells every rule in its help', () => {
  for (const { id } of ruleList) expect(usage).toContain(id);
});

const missing = (option: string): string[] => asked.toSpliced(asked.indexOf(option), 2);

test.each([
  [missing('--environment'), '--environment is missing, expected an environment of settings.ts: '],
  [missing('--image'), '--image is missing, expected name:tag@sha256:....'],
  [missing('--source'), '--source is missing, expected the commit that the image was built from.'],
  [
    [...missing('--source'), '--source', 'a1b2c3d'],
    '--source is "a1b2c3d", expected all 40 hex digits of a commit, as git rev-parse prints them.',
  ],
  [[...missing('--image'), '--image', 'web:1.2.3'], '--image is "web:1.2.3", which names no digest'],
  [
    [...asked, '--allow', 'everything', '--because', 'x'],
    '--allow is "everything", expected a rule of the guard, or a rule and an object such as "replicas-lost Deployment/web". The rules are: name-changed, ',
  ],
  [[...asked, '--allow', 'toString', '--because', 'x'], '--allow is "toString", expected a rule'],
  [
    [...asked, '--allow', 'replicas-lost'],
    '--allow needs --because "...": the reason is kept in the commit, for those who ask later.',
  ],
  [
    [...asked, '--allow', 'replicas-lost', '--because', ' '],
    '--because is empty. See npm run release -- publish --help.',
  ],
  [[...asked, '--because', 'x'], '--because is given without --allow. Name the rule that it is about.'],
  [[...asked, '--force'], "Unknown option '--force'"],
  [[...asked, '--enviroment', 'x'], "Unknown option '--enviroment'. Did you mean --environment? See npm run release"],
  [[...asked, '--environment', 'production'], '--environment is given twice. Give it once.'],
  [[...missing('--source'), '--source'], '--source has no value.'],
  [[...asked, '--no-push', '--outputs'], '--outputs says whether this run has pushed, and --no-push pushes nothing.'],
  [['promote', ...asked], '"promote" is one word too many. '],
])('refuses %j', async (args, sentence) => {
  const run = () => publishCommand(args, new AbortController().signal);
  await expect(run()).rejects.toThrow(UsageError);
  await expect(run()).rejects.toThrow(sentence);
});

test('says how many commits of main the remote does not have', async () => {
  const clone = remoteOf().clone();
  const line = () => unpushedLine({ directory: clone.directory, remote: 'origin' });
  expect(await line()).toBe('');
  clone.commit('Mine');
  expect(await line()).toBe(
    'Note: this reads main at origin, and your main has a commit that origin does not have. To make that count, run git push first.\n',
  );
  clone.commit('Mine as well');
  expect(await line()).toContain('your main has 2 commits that origin does not have.');
  expect(await unpushedLine({ directory: clone.directory, remote: 'elsewhere' })).toBe('');
  clone.git('push', '--quiet', 'origin', 'main');
  expect(await line()).toBe('');
});
