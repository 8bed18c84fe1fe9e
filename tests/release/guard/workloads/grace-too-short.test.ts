import { expect, test } from 'vitest';
import { edited, rulesAgainst, sentencesAgainst, web } from '../rendered.ts';

const grace = '      terminationGracePeriodSeconds: 20\n';

test('refuses a grace period that ends before the drain and the open requests do', () => {
  expect(sentencesAgainst(web, edited(web, grace, grace.replace('20', '19')))).toEqual([
    'manifests/staging/web.yaml: Deployment web-staging/web gives its pods 19 s to end, but the drain, the requests that are still open and some slack take 20 s. What is left then is cut off: set terminationGracePeriodSeconds to 20 or more, or allow it with --allow grace-too-short --because "...".',
  ]);
});

test('refuses a drain that has grown beyond it', () => {
  expect(sentencesAgainst(web, edited(web, 'value: "5000"', 'value: "7500"'))[0]).toContain(
    'gives its pods 20 s to end, but',
  );
  expect(sentencesAgainst(web, edited(web, 'value: "5000"', 'value: "7500"'))[0]).toContain('take 23 s');
});

test('counts how long the requests that are open may take', () => {
  expect(rulesAgainst(web, edited(web, 'value: "10000"', 'value: "10001"'))).toEqual(['grace-too-short']);
});

test("takes the service's ten seconds for them where the manifest says nothing", () => {
  const limit = '            - name: SHUTDOWN_LIMIT_MS\n              value: "10000"\n';
  const silent = edited(web, limit, '');
  expect(rulesAgainst(web, silent)).toEqual([]);
  expect(rulesAgainst(web, edited(silent, grace, grace.replace('20', '19')))).toEqual(['grace-too-short']);
});

test('takes 30 s where no grace period is said', () => {
  const silent = edited(web, grace, '');
  expect(rulesAgainst(web, silent)).toEqual([]);
  expect(sentencesAgainst(web, edited(silent, 'value: "5000"', 'value: "60000"'))[0]).toContain('gives its pods 30 s');
});

test('counts a sleep before the end', () => {
  const sleep = '          lifecycle: { preStop: { sleep: { seconds: 3 } } }\n          livenessProbe:\n';
  const after = edited(web, '          livenessProbe:\n', sleep);
  expect(sentencesAgainst(web, after)[0]).toContain('take 23 s');
});

test('asks nothing of a container that does not drain', () => {
  const plain = edited(web, 'DRAIN_MS', 'OTHER');
  expect(rulesAgainst(web, edited(plain, grace, grace.replace('20', '1')))).toEqual([]);
});
