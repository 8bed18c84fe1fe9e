import { expect, test } from 'vitest';
import { parseManifests } from '../../../release/guard/documents.ts';
import { guard } from '../../../release/guard/guard.ts';
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

test('names rule, file, line and object', () => {
  const after = edited(web, 'replicas: 3', 'replicas: 1');
  expect(judged(web, after)).toEqual([
    {
      rule: 'replicas-lost',
      path: 'manifests/staging/web.yaml',
      line: after.split('\n').indexOf('  replicas: 1') + 1,
      object: 'Deployment web-staging/web',
      says: expect.stringMatching(/^asks for 1 replicas/),
      sentence: expect.stringMatching(
        /^manifests\/staging\/web\.yaml: Deployment web-staging\/web asks for 1 replicas/,
      ),
    },
  ]);
});

const returning = new Set(['manifests/staging']);

function judgedAsReturn(before: string, after: string): readonly string[] {
  const [from, to] = [before, after].map((text) => parseManifests(new Map([['manifests/staging/web.yaml', text]])));
  return guard(from ?? new Map(), to ?? new Map(), returning).map(({ rule }) => rule);
}

test('lets an old fault not hold up a rollback', () => {
  const next = edited(faulty, image, image.replace('1.2.3', '1.2.4'));
  expect(rulesAgainst(next, faulty)).toEqual(['replicas-lost', 'max-unavailable']);
  expect(judgedAsReturn(next, faulty)).toEqual([]);
});

test('refuses what a rollback itself brings back or takes away', () => {
  const mended = edited(faulty, 'replicas: 1', 'replicas: 3');
  expect(judgedAsReturn(mended, faulty)).toEqual(['replicas-lost']);
  expect(judgedAsReturn(web, edited(web, 'port: 80\n', 'port: 8000\n'))).toEqual(['service-port-changed']);
});
