import { expect, test } from 'vitest';
import { edited, linesAgainst, rulesAgainst, web, without } from '../rendered.ts';

const port = '        - port: 8080\n          protocol: TCP\n';
const ports = (text: string): string => edited(web, `    - ports:\n${port}`, text);

test('refuses a policy that leaves out the port', () => {
  expect(linesAgainst(web, edited(web, port, port.replace('8080', '9090')))).toEqual([
    'traffic-cut | ingress: | NetworkPolicy web-staging/web lets nobody send to port 8080 of Deployment web-staging/web. What it leaves out is cut off at once, and every pod stays ready: admit the port',
  ]);
});

test.each([
  ['another protocol', port, port.replace('TCP', 'UDP')],
  ['a range beside it', port, '        - port: 8000\n          endPort: 8079\n'],
])('refuses %s', (_what, from, to) => {
  expect(rulesAgainst(web, edited(web, from, to))).toEqual(['traffic-cut']);
});

const none = edited(web, '  ingress:\n    - ports:\n', '  ingress: []\n  formerly:\n    - ports:\n');

test('refuses no rule, for every port of the pods', () => {
  expect(rulesAgainst(web, none)).toEqual(['traffic-cut', 'traffic-cut']);
});

test.each([
  ['its name', port, '        - port: http\n'],
  ['a range around it', port, '        - port: 8000\n          endPort: 9000\n'],
  ['every port', `    - ports:\n${port}`, '    - {}\n'],
])('takes %s for the port', (_what, from, to) => {
  expect(rulesAgainst(web, edited(web, from, to))).toEqual([]);
});

test('refuses to let in only some, where anyone could', () => {
  const some = ports(`    - from: [{ podSelector: {} }]\n      ports:\n${port}`);
  expect(linesAgainst(web, some)[0]).toContain('lets only some senders send, where anyone could, to port 8080');
  expect(rulesAgainst(some, ports(`    - from: [{ namespaceSelector: {} }]\n      ports:\n${port}`))).toEqual([]);
  expect(rulesAgainst(some, web)).toEqual([]);
});

test('refuses a first policy that is about more than it admits', () => {
  const open = without(web, 'NetworkPolicy');
  expect(rulesAgainst(open, web)).toEqual([]);
  expect(rulesAgainst(open, none)).toEqual(['traffic-cut', 'traffic-cut']);
  const reached = edited(open, 'targetPort: 8080', 'targetPort: management');
  expect(linesAgainst(reached, edited(web, 'targetPort: 8080', 'targetPort: management'))[0]).toContain('port 9090');
  expect(rulesAgainst(web, open)).toEqual([]);
});

test('refuses pods that listen where the policy admits nobody, but lets a port come', () => {
  const listening = edited(
    web,
    '            - name: http\n',
    '            - containerPort: 9090\n            - name: http\n',
  );
  expect(rulesAgainst(web, listening)).toEqual([]);
  expect(
    linesAgainst(without(web, 'Deployment'), edited(web, 'containerPort: 8080', 'containerPort: 8081'))[0],
  ).toContain('lets nobody send to port 8081');
});

test('adds up the policies that select the same pods, and leaves others alone', () => {
  const [, policy = ''] = web.split(/(?=apiVersion: networking)/);
  const second = `---\n${edited(policy, '  name: web\n  namespace', '  name: more\n  namespace')}`;
  expect(rulesAgainst(web + second, edited(web, port, port.replace('8080', '9090')) + second)).toEqual([]);
  const elsewhere = edited(
    web,
    'podSelector:\n    matchLabels:\n      app.kubernetes.io/name: web',
    'podSelector:\n    matchExpressions:\n      - { key: app.kubernetes.io/name, operator: NotIn, values: [web] }',
  );
  expect(rulesAgainst(web, edited(elsewhere, port, port.replace('8080', '9090')))).toEqual([]);
});
