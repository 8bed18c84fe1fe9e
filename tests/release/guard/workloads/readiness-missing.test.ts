import { expect, test } from 'vitest';
import { edited, rulesAgainst, sentencesAgainst, web, without } from '../rendered.ts';

const blind = edited(web, '          readinessProbe:\n', '          formerProbe:\n');

test('refuses to lose the readiness probe', () => {
  expect(sentencesAgainst(web, blind)).toEqual([
    'manifests/staging/web.yaml: Deployment web-staging/web loses the readiness probe in its container web. New pods are sent requests before they listen, and old ones end too early: give it a readinessProbe, or allow it with --allow readiness-missing --because "...".',
  ]);
});

test('refuses a new Deployment that has none', () => {
  expect(sentencesAgainst(without(web, 'Deployment'), blind)[0]).toContain(
    'has no readiness probe in its container web. ',
  );
});

test('refuses a change of a Deployment that never had one', () => {
  expect(sentencesAgainst(blind, edited(blind, ':1.2.3@', ':1.2.4@'))[0]).toContain('has no readiness probe');
});

const sidecar = (more: string): string =>
  edited(
    web,
    '      containers:\n',
    `      containers:\n        - name: sidecar\n          image: proxy:1@sha256:${'0'.repeat(64)}\n${more}`,
  );

test('looks at the containers that listen', () => {
  expect(rulesAgainst(web, sidecar(''))).toEqual([]);
  const listening = sidecar('          ports:\n            - containerPort: 9000\n');
  expect(sentencesAgainst(web, listening)[0]).toContain('in its container sidecar. ');
});

test('looks at all of them where none says that it listens', () => {
  const silent = blind.replace(/ {10}ports:\n(?: {12}.*\n)+/, '');
  expect(silent).not.toBe(blind);
  expect(rulesAgainst(web, silent)).toEqual(['readiness-missing']);
});

const set = (ports: string): string =>
  `---\napiVersion: apps/v1\nkind: DaemonSet\nmetadata: { name: a, namespace: web-staging }\nspec: { template: { spec: { containers: [{ name: a, image: 'a:1@sha256:${'0'.repeat(64)}'${ports} }] } } }\n`;

test('looks at the other kinds only where they say that they listen', () => {
  expect(rulesAgainst(web, web + set(''))).toEqual([]);
  expect(rulesAgainst(web, web + set(', ports: [{ containerPort: 80 }]'))).toEqual(['readiness-missing']);
});
