import { expect, test } from 'vitest';
import { UsageError } from '../src/errors.ts';
import { commitHash, millisecondsOf, noCommand, readOptions } from '../src/options.ts';

const options = {
  environment: { type: 'string' },
  allow: { type: 'string', multiple: true },
  directory: { type: 'string', default: '.' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

test('reads options and words', () => {
  const args = ['one', '--environment', 'staging', '--allow=a', '--allow', 'b', '-h', '--', '--two'];
  expect(readOptions(args, options)).toEqual({
    values: { environment: 'staging', allow: ['a', 'b'], directory: '.', json: false, help: true },
    positionals: ['one', '--two'],
  });
  expect(readOptions(['--environment=-x', '--directory', '-'], options).values).toMatchObject({
    environment: '-x',
    directory: '-',
  });
  expect(readOptions(['--json', '--json'], options).values.json).toBe(true);
});

test.each([
  [['--enviroment', 'x'], "Unknown option '--enviroment'. Did you mean --environment? See --help."],
  [['--nonsense'], "Unknown option '--nonsense'. See --help."],
  [['-x'], "Unknown option '-x'. See --help."],
  [['--constructor'], "Unknown option '--constructor'. See --help."],
  [['--environment'], '--environment has no value. See --help.'],
  [
    ['--environment', '--json'],
    '--environment has no value. If --json is meant, write --environment=--json. See --help.',
  ],
  [['--environment', ''], '--environment is empty. See --help.'],
  [['--environment=', 'x'], '--environment is empty. See --help.'],
  [['--directory', ' '], '--directory is empty. See --help.'],
  [['--environment', 'a', '--environment', 'b'], '--environment is given twice. Give it once. See --help.'],
  [['--json=yes'], '--json takes no value, but "yes" is given. See --help.'],
])('refuses %j', (args, sentence) => {
  expect(() => readOptions(args, options)).toThrow(new UsageError(sentence));
});

test('refuses a word too many, and says where to read on', () => {
  const reading = { help: 'tool --help', words: 1 };
  expect(readOptions(['one'], options, reading).positionals).toEqual(['one']);
  expect(() => readOptions(['one', 'jsn'], options, reading)).toThrow(
    new UsageError('"jsn" is one word too many. Did you mean --json? See tool --help.'),
  );
});

test('names the commands that there are', () => {
  expect(noCommand('gaurd', ['guard', 'verify'], 'tool --help').message).toBe(
    'There is no command "gaurd". Did you mean guard? The commands are guard, verify. See tool --help.',
  );
});

test('reads seconds and whole hashes of commits, and nothing else', () => {
  expect([millisecondsOf('--within', '1.5'), commitHash('--commit', 'a'.repeat(40))]).toEqual([1_500, 'a'.repeat(40)]);
  expect(() => millisecondsOf('--within', 'soon')).toThrow('--within is "soon", expected a number of seconds.');
  expect(() => commitHash('--commit', 'HEAD')).toThrow('--commit is "HEAD", expected all 40 hex digits of a commit');
});
