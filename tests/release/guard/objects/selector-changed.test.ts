import { expect, test } from 'vitest';
import { edited, rulesAgainst, sentencesAgainst, web } from '../rendered.ts';

const inDeployment = 'revisionHistoryLimit: 5\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: web\n';

test("refuses another selector of a Deployment, which can't be changed", () => {
  const after = edited(web, inDeployment, inDeployment.replace('name: web', 'name: api'));
  expect(sentencesAgainst(web, after)).toEqual([
    'manifests/staging/web.yaml: Deployment web-staging/web changes its selector from app.kubernetes.io/name=web to app.kubernetes.io/name=api. Kubernetes refuses that, and deleting it drops every request: add a second Deployment instead, or allow it with --allow selector-changed --because "...".',
  ]);
});

test('refuses another selector of a Service, which swaps all endpoints at once', () => {
  const after = edited(web, 'name: web\n  type: LoadBalancer', 'name: api\n  type: LoadBalancer');
  expect(sentencesAgainst(web, after)).toEqual([
    'manifests/staging/web.yaml: Service web-staging/web changes its selector from app.kubernetes.io/name=web to app.kubernetes.io/name=api. All endpoints are swapped at once, for pods that no load balancer has checked: add a second Service instead, or allow it with --allow selector-changed --because "...".',
  ]);
});

test('refuses one more label in a selector', () => {
  const after = edited(web, inDeployment, `${inDeployment}      tier: front\n`);
  expect(rulesAgainst(web, after)).toEqual(['selector-changed']);
});

test('refuses a selector by expressions, and quotes them', () => {
  const expressions =
    'revisionHistoryLimit: 5\n  selector:\n    matchExpressions:\n      - { key: app, operator: Exists }\n';
  expect(sentencesAgainst(web, edited(web, inDeployment, expressions))[0]).toContain(
    'to {"matchExpressions":[{"key":"app","operator":"Exists"}]}. Kubernetes refuses',
  );
});

test('refuses a Service that loses its selector', () => {
  const after = edited(
    web,
    '  selector:\n    app.kubernetes.io/name: web\n  type: LoadBalancer',
    '  type: LoadBalancer',
  );
  expect(sentencesAgainst(web, after)[0]).toContain('from app.kubernetes.io/name=web to none. All endpoints');
});

test('takes the same labels in another order for the same selector', () => {
  const two = edited(web, inDeployment, inDeployment.replace('name: web', 'name: web\n      tier: front'));
  const turned = edited(web, inDeployment, inDeployment.replace('app.kubernetes', 'tier: front\n      app.kubernetes'));
  expect(rulesAgainst(two, edited(turned, 'replicas: 3', 'replicas: 4'))).toEqual([]);
});

test('leaves the selector of a NetworkPolicy alone', () => {
  const after = web.replace(/(podSelector:\n {4}matchLabels:\n {6}app.kubernetes.io\/name:) web/, '$1 api');
  expect(after).not.toBe(web);
  expect(rulesAgainst(web, after)).toEqual([]);
});

test.each(['StatefulSet', 'DaemonSet'])('refuses another selector of a %s', (kind) => {
  const set = (name: string): string =>
    `---\napiVersion: apps/v1\nkind: ${kind}\nmetadata: { name: a, namespace: web-staging }\nspec: { replicas: 3, selector: { matchLabels: { a: ${name} } }, template: { spec: { containers: [] } } }\n`;
  expect(sentencesAgainst(web + set('b'), web + set('c'))[0]).toContain(
    `changes its selector from a=b to a=c. Kubernetes refuses that, and deleting it drops every request: add a second ${kind} instead`,
  );
});
