import { expect, test } from 'vitest';
import { linesAgainst, rulesAgainst, web } from '../rendered.ts';

function object(apiVersion: string, kind: string): string {
  return `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: extra\n  namespace: web-staging\n`;
}

test('refuses a pod that git brings, at the line of its kind', () => {
  expect(linesAgainst(web, web + object('v1', 'Pod'))).toEqual([
    'made-by-controllers | kind: Pod | Pod web-staging/extra is of a kind that only the controllers of Kubernetes make. No release and no rollback replaces a Pod that git brings, and a Service that finds it sends it requests: commit the object that it is made of, such as a Deployment',
  ]);
});

test.each([
  ['apps/v1', 'ReplicaSet'],
  ['apps/v1', 'ControllerRevision'],
  ['v1', 'Endpoints'],
  ['discovery.k8s.io/v1', 'EndpointSlice'],
  ['v1', 'Event'],
  ['events.k8s.io/v1', 'Event'],
])('refuses %s %s', (apiVersion, kind) => {
  expect(rulesAgainst(web, web + object(apiVersion, kind))).toEqual(['made-by-controllers']);
});

test('takes what people write, and lets one go', () => {
  expect(rulesAgainst(web, web + object('v1', 'ConfigMap'))).toEqual([]);
  expect(rulesAgainst(web + object('v1', 'Pod'), web)).not.toContain('made-by-controllers');
});
