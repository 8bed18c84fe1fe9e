import { expect, test } from 'vitest';
import { edited, rulesAgainst, sentencesAgainst, web } from '../rendered.ts';

const update = '    rollingUpdate:\n      maxSurge: 1\n      maxUnavailable: 0\n';
const rolling = (surge: string, unavailable: string): string =>
  edited(web, update, `    rollingUpdate:\n      maxSurge: ${surge}\n      maxUnavailable: ${unavailable}\n`);

test('refuses a rollout that takes a pod away first', () => {
  expect(sentencesAgainst(web, rolling('1', '1'))).toEqual([
    'manifests/staging/web.yaml: Deployment web-staging/web lets a rollout take away 1 of 3 pods before others serve (maxUnavailable 1, maxSurge 1). The rest may be too few: set maxUnavailable to 0 and maxSurge to 1 or more, or allow it with --allow max-unavailable --because "...".',
  ]);
});

test('counts a share in pods, rounded down', () => {
  expect(rulesAgainst(web, rolling('1', '25%'))).toEqual([]);
  expect(sentencesAgainst(web, rolling('1', '34%'))[0]).toContain('take away 1 of 3 pods');
});

test('knows that one pod goes missing where both shares come to nothing', () => {
  expect(sentencesAgainst(web, rolling('0%', '25%'))[0]).toContain('take away 1 of 3 pods');
});

test('takes a quarter of the pods where the strategy says nothing', () => {
  const silent = edited(web, update, '');
  expect(rulesAgainst(web, silent)).toEqual([]);
  expect(sentencesAgainst(web, edited(silent, 'replicas: 3', 'replicas: 4'))[0]).toContain(
    'take away 1 of 4 pods before others serve (maxUnavailable 25%, maxSurge 25%)',
  );
});

test('refuses to recreate', () => {
  const after = edited(edited(web, update, ''), 'type: RollingUpdate', 'type: Recreate');
  expect(sentencesAgainst(web, after)[0]).toContain('has the strategy Recreate. It ends every pod before');
});

const set = (kind: string, unavailable: string): string =>
  `---\napiVersion: apps/v1\nkind: ${kind}\nmetadata: { name: a, namespace: web-staging }\nspec:\n  replicas: 3\n  updateStrategy: { rollingUpdate: { maxUnavailable: ${unavailable} } }\n  template: { spec: { containers: [] } }\n`;

test.each(['StatefulSet', 'DaemonSet'])('refuses a %s that loses more than one pod at a time', (kind) => {
  expect(sentencesAgainst(web, web + set(kind, '2'))[0]).toContain(
    `${kind} web-staging/a lets a rollout take away 2 of its pods at a time. `,
  );
  expect(rulesAgainst(web, web + set(kind, '30%'))).toEqual(['max-unavailable']);
  expect(rulesAgainst(web, web + set(kind, '1'))).toEqual([]);
});
