import { expect, test } from 'vitest';
import { edited, rulesAgainst, sentencesAgainst, web } from '../rendered.ts';

const port = '    - name: http\n      port: 80\n      protocol: TCP\n      targetPort: 8080\n';
const changed = (from: string, to: string): string => edited(web, port, port.replace(from, to));

test('refuses another port', () => {
  expect(sentencesAgainst(web, changed('port: 80\n', 'port: 8000\n'))).toEqual([
    'manifests/staging/web.yaml: Service web-staging/web takes away port 80/TCP to 8080 (http). Requests to it fail at once: add the new port beside it, and take the old one away in a later release, or allow it with --allow service-port-changed --because "...".',
  ]);
});

test.each([
  [
    'target, where pods of the old version do not listen',
    'targetPort: 8080',
    'targetPort: 9090',
    '80/TCP to 9090 (http)',
  ],
  ['protocol', 'protocol: TCP', 'protocol: UDP', '80/UDP to 8080 (http)'],
  ['name, which leaves it without endpoints for a moment', 'name: http', 'name: web', '80/TCP to 8080 (web)'],
  ['node port', 'port: 80\n', 'port: 80\n      nodePort: 30080\n', '80/TCP to 8080 (http, node port 30080)'],
])('refuses another %s', (_what, from, to, says) => {
  expect(sentencesAgainst(web, changed(from, to))[0]).toContain(
    `changes port 80/TCP to 8080 (http) to ${says}. Requests to it fail at once`,
  );
});

test('lets a port come', () => {
  expect(rulesAgainst(web, edited(web, port, `${port}    - name: metrics\n      port: 9090\n`))).toEqual([]);
});

test('takes what the API server fills in for what is said', () => {
  const silent = changed('      protocol: TCP\n', '');
  expect(rulesAgainst(web, silent)).toEqual([]);
  const same = edited(web, port, port.replace('targetPort: 8080', 'targetPort: 80'));
  expect(rulesAgainst(same, changed('      targetPort: 8080\n', ''))).toEqual([]);
});
