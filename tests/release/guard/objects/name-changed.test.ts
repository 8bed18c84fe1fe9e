import { expect, test } from 'vitest';
import { parseManifests } from '../../../../release/guard/documents.ts';
import { guard } from '../../../../release/guard/guard.ts';
import { edited, namespace, rulesAgainst, sentencesAgainst, web, without } from '../rendered.ts';

test('refuses a Deployment that is gone', () => {
  expect(sentencesAgainst(web, without(web, 'Deployment'))).toEqual([
    'manifests/staging/web.yaml: Deployment web-staging/web is gone, or has another name now. Argo CD deletes it, and its pods end whether others are ready or not: keep the name, or add the new one first and take this one away when nothing uses it, or allow it with --allow name-changed --because "...".',
  ]);
});

test('refuses a Service under another name', () => {
  const after = edited(web, 'kind: Service\nmetadata:\n  name: web', 'kind: Service\nmetadata:\n  name: api');
  expect(sentencesAgainst(web, after)).toEqual([expect.stringContaining('Service web-staging/web is gone')]);
});

test('refuses another namespace, by all that requests depend on', () => {
  const before = `${web}---\n${namespace}`;
  expect(rulesAgainst(before, before.replaceAll('web-staging', 'api-staging'))).toEqual([
    'name-changed',
    'name-changed',
    'name-changed',
    'prune-with-rollout',
  ]);
});

test('names a Namespace without a namespace', () => {
  expect(sentencesAgainst(namespace, web)[0]).toContain('Namespace web-staging is gone, or has another name now. ');
});

test('refuses what has lost its kind, because Argo CD skips it and prunes what it stood for', () => {
  expect(rulesAgainst(web, edited(web, 'kind: Deployment\n', ''))).toEqual(['name-changed', 'kind-missing']);
});

test('lets go what no request depends on', () => {
  expect(rulesAgainst(web, without(web, 'PodDisruptionBudget'))).toEqual([]);
});

const wayIn = (apiVersion: string, kind: string): string =>
  `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: way\n  namespace: web-staging\n`;

test.each([
  ['networking.k8s.io/v1', 'Ingress', 'and what comes in that way leads nowhere'],
  ['gateway.networking.k8s.io/v1', 'HTTPRoute', 'and what comes in that way leads nowhere'],
  ['apps/v1', 'StatefulSet', 'and its pods end whether'],
  ['apps/v1', 'DaemonSet', 'and its pods end whether'],
])('refuses a %s %s that is gone', (apiVersion, kind, cost) => {
  expect(sentencesAgainst(web + wayIn(apiVersion, kind), web)[0]).toContain(
    `${kind} web-staging/way is gone, or has another name now. Argo CD deletes it, ${cost}`,
  );
});

test("lets go another API's Service", () => {
  const knative = web.replace('apiVersion: v1\nkind: Service\n', 'apiVersion: serving.knative.dev/v1\nkind: Service\n');
  expect(rulesAgainst(knative, without(knative, 'Service'))).toEqual([]);
});

const at = (path: string): ReturnType<typeof parseManifests> => parseManifests(new Map([[path, web]]));

test('lets an object move to another file of its folder', () => {
  expect(guard(at('manifests/staging/web.yaml'), at('manifests/staging/service.yaml'))).toEqual([]);
});

test('refuses a move to another folder, which is another application', () => {
  const refusals = guard(at('manifests/staging/web.yaml'), at('manifests/production/web.yaml'));
  expect(refusals.map(({ rule, object }) => [rule, object])).toEqual([
    ['name-changed', 'Service web-staging/web'],
    ['name-changed', 'Deployment web-staging/web'],
    ['folder-emptied', 'the folder manifests/staging'],
  ]);
});
