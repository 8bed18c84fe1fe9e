import { expect, test } from 'vitest';
import { edited, rulesAgainst, sentencesAgainst, web, without } from '../rendered.ts';

test('refuses to scale down to nothing', () => {
  expect(sentencesAgainst(web, edited(web, 'replicas: 3', 'replicas: 0'))).toEqual([
    'manifests/staging/web.yaml: Deployment web-staging/web asks for 0 replicas instead of 3. Without loss it takes 2, since a node or a pod can fail at any time: raise replicas in settings.ts, or allow it with --allow replicas-lost --because "...".',
  ]);
});

test('refuses replicas that are no longer said: Kubernetes then takes 1', () => {
  const after = edited(web, '  replicas: 3\n', '');
  expect(sentencesAgainst(web, after)[0]).toContain('says no replicas instead of 3, and so gets 1. ');
});

test('refuses a new Deployment with a single pod', () => {
  const after = edited(web, 'replicas: 3', 'replicas: 1');
  expect(sentencesAgainst(without(web, 'Deployment'), after)[0]).toContain('asks for 1 replicas. ');
});

test('refuses any change of a Deployment that had a single pod before', () => {
  const one = edited(web, 'replicas: 3', 'replicas: 1');
  expect(rulesAgainst(one, edited(one, ':1.2.3@', ':1.2.4@'))).toEqual(['replicas-lost']);
});

test('lets fewer be enough, down to two', () => {
  expect(rulesAgainst(web, edited(web, 'replicas: 3', 'replicas: 2'))).toEqual([]);
});

const autoscaler = (minimum: string): string =>
  `---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: web\n  namespace: web-staging\nspec:\n${minimum}  maxReplicas: 9\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: web\n`;

test('refuses an autoscaler that may leave a single pod', () => {
  expect(sentencesAgainst(web, web + autoscaler('  minReplicas: 1\n'))[0]).toContain(
    'HorizontalPodAutoscaler web-staging/web lets its pods become as few as 1. ',
  );
  expect(rulesAgainst(web, web + autoscaler(''))).toEqual(['replicas-lost']);
  expect(rulesAgainst(web, web + autoscaler('  minReplicas: 2\n'))).toEqual([]);
});

test('lets an autoscaler decide, but not by taking the replicas away from under it', () => {
  const scaled = web + autoscaler('  minReplicas: 3\n');
  const silent = edited(scaled, '  replicas: 3\n', '');
  expect(rulesAgainst(silent, edited(silent, ':1.2.3@', ':1.2.4@'))).toEqual([]);
  expect(rulesAgainst(scaled, silent)).toEqual(['replicas-lost']);
});

const set = (replicas: number): string =>
  `---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: a, namespace: web-staging }\nspec: { replicas: ${replicas}, template: { spec: { containers: [] } } }\n`;

test('refuses a StatefulSet of one', () => {
  expect(rulesAgainst(web + set(3), web + set(1))).toEqual(['replicas-lost']);
});
