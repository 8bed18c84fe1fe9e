import { expect, test } from 'vitest';
import { guard, judge, UsageError } from '../../src/guard/index.ts';

const none = new Map<string, string>();

/** Calls as a program without types does. */
function called(...given: readonly unknown[]): () => unknown {
  return () => Reflect.apply(guard, undefined, given);
}

test.each<readonly [readonly unknown[], string]>([
  [
    [{ 'a.yaml': '' }, none],
    'before is a plain object, expected a Map from the paths of files to their texts: new Map([[',
  ],
  [[none, { 'a.yaml': '' }], 'after is a plain object, expected a Map'],
  [[none], 'after is undefined, expected a Map'],
  [[], 'before is undefined, expected a Map'],
  [[null, none], 'before is null, expected a Map'],
  [[[['a.yaml', '']], none], 'before is an array, expected a Map'],
  [['old', 'new'], 'before is "old", expected a Map'],
  [[new Set(), none], 'before is a Set, expected a Map'],
  [
    [none, new Map([['a.yaml', Buffer.from('a')]])],
    'after has a Buffer at a.yaml, expected the text of the file: buffer.toString()',
  ],
  [[none, new Map([['a.yaml', { kind: 'Service' }]])], 'after has a plain object at a.yaml, expected the text'],
  [[none, new Map([[1, '']])], 'after has the key 1, expected the path of a file.'],
  [[none, none, 'lossless'], 'options is "lossless", expected an object such as { profile: \'any\' }.'],
  [[none, none, null], 'options is null, expected an object'],
  [[none, none, { profile: 'strict' }], 'options.profile is "strict", expected one of lossless, any.'],
  [
    [none, none, { profil: 'any' }],
    'options.profil is not an option, expected one of profile, severities, returning. Did you mean profile?',
  ],
  [[none, none, { returning: ['manifests'] }], 'options.returning is an array, expected a Set of folders'],
  [[none, none, { severities: [] }], 'options.severities is an array, expected an object'],
  [[none, none, { severities: { nonsense: 'off' } }], 'options.severities names nonsense, which is no rule.'],
  [
    [none, none, { severities: { 'image-unpinned': false } }],
    'options.severities has false for image-unpinned, expected',
  ],
])('says what is wrong with arguments that have no types: %#', (given, sentence) => {
  expect(called(...given)).toThrow(UsageError);
  expect(called(...given)).toThrow(sentence);
});

test('takes what the types ask for', () => {
  const unreadable = new Map([['a.yaml', { why: 'is a submodule', object: 'a' }]]);
  expect(guard(none, unreadable, { profile: 'any', severities: { 'image-unpinned': 'off' } })).toBeDefined();
  expect(judge(none, none, { returning: new Set(['manifests']) })).toMatchObject({ findings: [], notes: [] });
});
