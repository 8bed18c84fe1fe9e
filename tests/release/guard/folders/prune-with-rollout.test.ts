import { expect, test } from 'vitest';
import { parseManifests } from '../../../../release/guard/documents.ts';
import { guard } from '../../../../release/guard/guard.ts';
import { edited, linesAgainst, rulesAgainst, web, without } from '../rendered.ts';

test('refuses a commit that both prunes and brings a new image', () => {
  const after = edited(without(web, 'PodDisruptionBudget'), ':1.2.3@', ':1.2.4@');
  expect(linesAgainst(web, after)).toEqual([
    'prune-with-rollout | spec: | Deployment web-staging/web starts new pods in a commit that also takes away PodDisruptionBudget web-staging/web. Pruning waits until they are healthy, and where they never are, the revert waits as well: make it two commits, one after the other',
  ]);
});

test('lets each of both pass alone', () => {
  expect(rulesAgainst(web, without(web, 'PodDisruptionBudget'))).toEqual([]);
  expect(rulesAgainst(web, edited(web, ':1.2.3@', ':1.2.4@'))).toEqual([]);
});

test('lets a change beside pruning pass that starts no pod', () => {
  const after = edited(without(web, 'PodDisruptionBudget'), 'replicas: 3', 'replicas: 4');
  expect(rulesAgainst(web, after)).toEqual([]);
});

test('lets the revert pass of a commit that added an object and used it', () => {
  const path = 'manifests/staging/web.yaml';
  const mounted = edited(web, ':1.2.3@', ':1.2.4@');
  const configMap = '---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: web, namespace: web-staging }\n';
  const [before, after] = [mounted + configMap, web].map((text) => parseManifests(new Map([[path, text]])));
  const against = (returning: ReadonlySet<string>): readonly string[] =>
    guard(before ?? new Map(), after ?? new Map(), returning).map(({ rule }) => rule);
  expect(against(new Set())).toEqual(['prune-with-rollout']);
  expect(against(new Set(['manifests/staging']))).toEqual([]);
});
