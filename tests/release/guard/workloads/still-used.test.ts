import { expect, test } from 'vitest';
import { edited, linesAgainst, rulesAgainst, web, without } from '../rendered.ts';

test('refuses to take away the service account of pods that stay', () => {
  expect(linesAgainst(web, without(web, 'ServiceAccount'))).toEqual([
    expect.stringContaining(
      'ServiceAccount web-staging/web is gone, but Deployment web-staging/web uses it. No new pod of it can start, neither now nor when a node fails: keep it, or take it out of the pods in an earlier commit',
    ),
  ]);
});

const object = (kind: string): string =>
  `---\napiVersion: v1\nkind: ${kind}\nmetadata:\n  name: kept\n  namespace: web-staging\n`;
const inContainer = (text: string): string =>
  edited(web, '          livenessProbe:\n', `${text}          livenessProbe:\n`);
const inPod = (text: string): string =>
  edited(web, '      serviceAccountName: web\n', `      serviceAccountName: web\n${text}`);
const variable = (from: string): string =>
  edited(
    web,
    '            - name: PORT\n',
    `            - name: KEPT\n              valueFrom: ${from}\n            - name: PORT\n`,
  );

test.each([
  ['ConfigMap', inContainer('          envFrom: [{ configMapRef: { name: kept } }]\n')],
  ['Secret', inContainer('          envFrom: [{ secretRef: { name: kept } }]\n')],
  ['ConfigMap', variable('{ configMapKeyRef: { name: kept, key: a } }')],
  ['Secret', variable('{ secretKeyRef: { name: kept, key: a } }')],
  ['ConfigMap', inPod('      volumes: [{ name: a, configMap: { name: kept } }]\n')],
  ['Secret', inPod('      volumes: [{ name: a, secret: { secretName: kept } }]\n')],
  ['Secret', inPod('      volumes: [{ name: a, projected: { sources: [{ secret: { name: kept } }] } }]\n')],
])('refuses to take away a %s that pods read', (kind, user) => {
  expect(rulesAgainst(user + object(kind), user)).toEqual(['still-used']);
  expect(rulesAgainst(web + object(kind), web)).toEqual([]);
});

test('refuses to take away a volume for its pods too, besides for what is on it', () => {
  const user = inPod('      volumes: [{ name: a, persistentVolumeClaim: { claimName: kept } }]\n');
  expect(rulesAgainst(user + object('PersistentVolumeClaim'), user)).toEqual(['still-used', 'data-lost']);
});

test('lets go what pods can do without', () => {
  const user = inContainer('          envFrom: [{ configMapRef: { name: kept, optional: true } }]\n');
  expect(rulesAgainst(user + object('ConfigMap'), user)).toEqual([]);
});
