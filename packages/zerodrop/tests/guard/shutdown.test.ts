import { describe, expect, test } from 'vitest';
import { deployment } from './manifests.ts';
import { changing, edited, findings, inFolder, rulesOf, swap } from './sample.ts';

describe('the drain, the grace period and probes', () => {
  const drain = '            - name: DRAIN_MS\n              value: "5000"\n';
  test.each([
    ['F1 removed', edited(deployment, drain, ''), 'drain-lost'],
    ['F1 zero', edited(deployment, '"5000"', '"0"'), 'drain-lost'],
    ['F1 short', edited(deployment, '"5000"', '"4000"'), 'drain-too-short'],
    ['F4', edited(deployment, 'PeriodSeconds: 20', 'PeriodSeconds: 0'), 'grace-too-short'],
    [
      'F3',
      edited(
        deployment,
        '          env:\n',
        '          lifecycle: {preStop: {exec: {command: [sleep, "40"]}}}\n          env:\n',
      ),
      'grace-too-short',
    ],
    [
      'F5',
      edited(
        deployment,
        '          readinessProbe:\n            httpGet:\n              path: /readyz\n              port: http\n',
        '          readinessProbe: {exec: {command: ["true"]}}\n',
      ),
      'probe-weakened',
    ],
    ['F5 settled', edited(deployment, 'minReadySeconds: 5', 'minReadySeconds: 0'), 'probe-weakened (warn)'],
    [
      'F6 startup',
      edited(
        deployment,
        '          startupProbe:\n            httpGet:\n              path: /livez\n              port: http\n',
        '',
      ),
      'probe-weakened (warn)',
    ],
    [
      'F6 same',
      edited(
        deployment,
        'livenessProbe:\n            httpGet:\n              path: /livez',
        'livenessProbe:\n            httpGet:\n              path: /readyz',
      ),
      'probe-weakened (warn)',
    ],
    [
      'F6 hasty',
      edited(
        deployment,
        'livenessProbe:\n',
        'livenessProbe:\n            failureThreshold: 1\n            periodSeconds: 1\n            timeoutSeconds: 1\n',
      ),
      'probe-weakened (warn)',
    ],
  ])('%s', (_name, after, rule) => {
    expect(changing(deployment, after)).toContain(rule);
  });

  test('a probe asks a port that is not there', () => {
    expect(
      changing(
        deployment,
        edited(deployment, 'path: /readyz\n              port: http', 'path: /readyz\n              port: web'),
      ),
    ).toEqual(['probe-weakened']);
  });

  test('F2: a hook goes', () => {
    const hooked = edited(deployment, drain, '').replace(
      '          env:\n',
      '          lifecycle: {preStop: {sleep: {seconds: 15}}}\n          env:\n',
    );
    expect(
      rulesOf(inFolder(swap(deployment, hooked)), inFolder(swap(deployment, edited(deployment, drain, '')))),
    ).toEqual(['drain-lost']);
  });
});

/** Why the grace period is too short with a preStop hook. */
function whyTooShort(hook: string): readonly string[] {
  const changed = edited(deployment, '          env:\n', `          lifecycle: {preStop: ${hook}}\n          env:\n`);
  return findings(deployment, changed)
    .filter(({ rule }) => rule === 'grace-too-short')
    .map(({ why }) => why);
}

test('says that the API server refuses a sleep of Kubernetes that is longer than the grace period, and no other one', () => {
  expect(whyTooShort('{sleep: {seconds: 40}}')).toEqual([expect.stringContaining('The API server refuses')]);
  expect(whyTooShort('{exec: {command: [sleep, "40"]}}')).toEqual([expect.stringContaining('the kubelet kills')]);
});
