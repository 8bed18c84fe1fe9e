import { expect, test } from 'vitest';
import { parseManifests } from '../../../../release/guard/documents.ts';
import { guard } from '../../../../release/guard/guard.ts';
import { namespace, rulesAgainst, sentencesAgainst, web } from '../rendered.ts';

test('refuses a folder that loses all of its objects', () => {
  expect(sentencesAgainst(namespace, '# nothing\n')).toContainEqual(
    expect.stringContaining(
      'manifests/staging/web.yaml: the folder manifests/staging has no object left. Argo CD refuses to delete all of them, and rolls nothing out or back',
    ),
  );
});

test('refuses a folder that is gone', () => {
  const before = parseManifests(new Map([['manifests/staging/web.yaml', web]]));
  expect(guard(before, new Map()).map(({ rule }) => rule)).toContain('folder-emptied');
});

test('lets a folder keep one object', () => {
  expect(rulesAgainst(`${namespace}---\n${web}`, namespace)).not.toContain('folder-emptied');
});
