import { expect, test } from 'vitest';
import { parseManifests } from '../../../../release/guard/documents.ts';
import { guard } from '../../../../release/guard/guard.ts';
import { edited, linesAgainst, rulesAgainst, web } from '../rendered.ts';

const [, service = ''] = web.split('---\n');
const twice = `${web}---\n${service}`;

test('refuses an object that stands twice', () => {
  expect(linesAgainst(web, twice)).toEqual([
    expect.stringMatching(
      /^duplicate \| apiVersion: v1 \| Service web-staging\/web stands in manifests\/staging\/web\.yaml, line 11, too\. Which of both runs is a matter of luck/,
    ),
  ]);
});

test('says nothing of what stood twice before, unless its file is touched', () => {
  expect(rulesAgainst(twice, twice)).toEqual([]);
  expect(rulesAgainst(twice, edited(twice, ':1.2.3@', ':1.2.4@'))).toEqual(['duplicate']);
});

test('refuses an object that two applications have', () => {
  const before = new Map([['manifests/staging/web.yaml', web]]);
  const after = new Map([...before, ['manifests/production/more.yaml', service]]);
  expect(guard(parseManifests(before), parseManifests(after)).map(({ rule, path }) => [rule, path])).toEqual([
    ['duplicate', 'manifests/staging/web.yaml'],
  ]);
});
