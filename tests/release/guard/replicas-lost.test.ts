import { expect, test } from 'vitest';
import { edited, rulesAgainst, sentencesAgainst, web, without } from './rendered.ts';

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
