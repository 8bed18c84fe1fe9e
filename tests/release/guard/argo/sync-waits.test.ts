import { expect, test } from 'vitest';
import { edited, linesAgainst, rulesAgainst, web } from '../rendered.ts';

const metadata = 'kind: Service\nmetadata:\n';
const annotated = (name: string, value: string): string =>
  edited(web, metadata, `${metadata}  annotations:\n    argocd.argoproj.io/${name}: ${value}\n`);

test.each(['PreSync', 'Sync', 'PostSync'])('refuses a %s hook', (hook) => {
  expect(linesAgainst(web, annotated('hook', hook))).toEqual([
    `sync-waits | argocd.argoproj.io/hook: ${hook} | Service web-staging/web is a ${hook} hook. A sync then waits for health, and a bad version holds up its own revert: make it a release of its own, or an ordinary object`,
  ]);
});

test('lets hooks be that hold no sync up', () => {
  expect(rulesAgainst(web, annotated('hook', 'SyncFail,PostDelete'))).toEqual([]);
});

test('refuses a second wave', () => {
  expect(linesAgainst(web, annotated('sync-wave', '"1"'))).toEqual([
    expect.stringContaining(
      'sync-waits | argocd.argoproj.io/sync-wave: "1" | Service web-staging/web is in sync wave 1, and ServiceAccount web in 0. ',
    ),
  ]);
});

test('takes wave 0 for none, and says nothing of waves that were there', () => {
  expect(rulesAgainst(web, annotated('sync-wave', '"0"'))).toEqual([]);
  const waves = annotated('sync-wave', '"1"');
  expect(
    rulesAgainst(waves, edited(waves, '  ports:\n    - name: http\n', '  ports:\n    - port: 81\n    - name: http\n')),
  ).toEqual([]);
});
