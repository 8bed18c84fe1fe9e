import { expect, test } from 'vitest';
import { edited, image, judged, rulesAgainst, web, without } from './rendered.ts';

test('lets what is rendered pass, from nothing and for the first release', () => {
  expect(judged('', web)).toEqual([]);
  expect(judged(without(web, 'Deployment'), web)).toEqual([]);
});

test('lets a new image pass', () => {
  expect(judged(web, web.replaceAll('1.2.3@', '1.2.4@'))).toEqual([]);
});

const faulty = edited(edited(web, 'maxUnavailable: 0', 'maxUnavailable: 1'), 'replicas: 3', 'replicas: 1');

test('says nothing of an object that is not touched, whatever it is like', () => {
  expect(judged(faulty, without(faulty, 'PodDisruptionBudget'))).toEqual([]);
});

test('judges the whole of a Deployment that is touched', () => {
  expect(rulesAgainst(faulty, edited(faulty, image, image.replace('1.2.3', '1.2.4')))).toEqual([
    'replicas-lost',
    'max-unavailable',
  ]);
});

test('names rule, file and object', () => {
  expect(judged(web, edited(web, 'replicas: 3', 'replicas: 1'))).toEqual([
    {
      rule: 'replicas-lost',
      path: 'manifests/staging/web.yaml',
      object: 'Deployment web-staging/web',
      sentence: expect.stringMatching(
        /^manifests\/staging\/web\.yaml: Deployment web-staging\/web asks for 1 replicas/,
      ),
    },
  ]);
});
