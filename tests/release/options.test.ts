import { expect, test } from 'vitest';
import { ruleList } from 'zerodrop/guard';
import { parseOptions, usage } from '../../release/options.ts';
import { WrongUse } from '../../release/wrong-use.ts';

const digest = `sha256:${'0'.repeat(64)}`;
const source = 'a'.repeat(40);
const asked = ['--environment', 'staging', '--image', `web:1.2.3@${digest}`, '--source', source];

test('reads a release', () => {
  expect(parseOptions(asked)).toEqual({
    environment: 'staging',
    image: { repository: 'web', tag: '1.2.3', digest },
    source,
    allowance: null,
    directory: '.',
  });
});

test('reads what is allowed, each rule once, and the reason as one line', () => {
  const allowed = ['--allow', 'max-unavailable', '--allow', 'replicas-lost', '--allow', 'max-unavailable'];
  expect(parseOptions([...asked, ...allowed, '--because', ' a test,\n two lines '])?.allowance).toEqual({
    rules: ['max-unavailable', 'replicas-lost'],
    because: 'a test, two lines',
  });
});

test('reads another directory', () => {
  expect(parseOptions([...asked, '--directory', '/elsewhere'])?.directory).toBe('/elsewhere');
});

test('returns null for help, and tells every rule in it', () => {
  expect(parseOptions(['--help'])).toBeNull();
  for (const { id } of ruleList) expect(usage).toContain(id);
});

const missing = (option: string): string[] => asked.toSpliced(asked.indexOf(option), 2);

test.each([
  [missing('--environment'), '--environment is missing, expected one of settings.ts.'],
  [missing('--image'), '--image is missing, expected name:tag@sha256:....'],
  [missing('--source'), '--source is missing, expected the commit that the image was built from.'],
  [
    [...asked, '--source', 'a1b2c3d'],
    '--source is "a1b2c3d", expected all 40 hex digits of a commit, as git rev-parse prints them.',
  ],
  [[...asked, '--image', 'web:1.2.3'], '--image is "web:1.2.3", which names no digest'],
  [
    [...asked, '--allow', 'everything', '--because', 'x'],
    '--allow is "everything", which is no rule of the guard, or a rule and an object such as "replicas-lost Deployment/web". The rules are: name-changed, ',
  ],
  [[...asked, '--allow', 'toString', '--because', 'x'], '--allow is "toString", which is no rule'],
  [
    [...asked, '--allow', 'replicas-lost'],
    '--allow needs --because "...": the reason is kept in the commit, for those who ask later.',
  ],
  [[...asked, '--allow', 'replicas-lost', '--because', ' '], '--allow needs --because "..."'],
  [[...asked, '--because', 'x'], '--because is given without --allow. Name the rule that it is about.'],
  [[...asked, '--force'], "Unknown option '--force'"],
  [['promote', ...asked], 'positional arguments. See npm run release -- --help.'],
])('refuses %j', (args, sentence) => {
  const parse = (): unknown => parseOptions(args);
  expect(parse).toThrow(WrongUse);
  expect(parse).toThrow(sentence);
});
