import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { notifications } from '../../../cluster/argocd/notifications.ts';
import { resolveGoogle } from '../../../settings/google/resolve.ts';
import { samples } from '../sample.ts';
import { holds, type Notified } from './notified.ts';

const values = notifications(resolveGoogle(samples.everything.google));

test('is off without a GitHub App', () => {
  expect(notifications(resolveGoogle(samples.production.google))).toEqual({ enabled: false });
});

test('refers to the key in a Secret that somebody else makes', () => {
  expect(values).toMatchObject({ enabled: true, secret: { create: false, name: 'argocd-notifications-secret' } });
  expect(parse(String(Object(values['notifiers'])['service.github']))).toEqual({
    appID: 33,
    installationID: 44,
    privateKey: '$github-privateKey',
  });
});

test('tells nobody of a rehearsal', () => {
  expect(values).toMatchObject({ subscriptions: [{ recipients: ['github'], selector: '!zerodrop/rehearsal' }] });
});

test('sends each report that a trigger names, and has a template for it', () => {
  const templates = Object.keys(Object(values['templates']));
  for (const [name, text] of Object.entries(Object(values['triggers']))) {
    const [{ send }] = parse(String(text));
    expect(templates).toContain(`template.${send[0]}`);
    expect(name).toBe(`trigger.${send[0]}`);
  }
});

test('tells of a rollout that runs, that ended, and that did not', () => {
  expect(Object.keys(Object(values['triggers']))).toEqual([
    'trigger.rolling-out',
    'trigger.rolled-out',
    'trigger.not-rolled-out',
  ]);
  const template = parse(String(Object(values['templates'])['template.rolling-out']));
  expect(template.github).toMatchObject({ status: { state: 'pending' }, deployment: { state: 'in_progress' } });
});

const done: Notified = {
  phase: 'Succeeded',
  health: 'Healthy',
  changedAt: '2026-01-01T12:00:20Z',
  reconciledAt: '2026-01-01T12:00:20Z',
};

test.each<[string, Partial<Notified>, readonly string[]]>([
  ['healthy since its sync', {}, ['rolled-out']],
  ['syncing', { phase: 'Running' }, ['rolling-out']],
  ['on its way', { health: 'Progressing' }, ['rolling-out']],
  [
    'just synced, with the health of before',
    { changedAt: '2026-01-01T09:00:00Z', reconciledAt: '2026-01-01T12:00:03Z' },
    [],
  ],
  [
    'healthy all along, and looked at since',
    { changedAt: '2026-01-01T09:00:00Z', reconciledAt: '2026-01-01T12:02:00Z' },
    ['rolled-out'],
  ],
  [
    'healthy before the last step of its sync, and looked at since',
    { changedAt: '2026-01-01T12:00:01Z', reconciledAt: '2026-01-01T12:02:00Z' },
    ['rolled-out'],
  ],
  ['refused', { phase: 'Failed', changedAt: '2026-01-01T09:00:00Z' }, ['not-rolled-out']],
  ['degraded by its rollout', { health: 'Degraded', changedAt: '2026-01-01T12:02:10Z' }, ['not-rolled-out']],
  ['degraded before its sync', { health: 'Degraded', changedAt: '2026-01-01T11:00:00Z' }, []],
  ['degraded days later', { health: 'Degraded', changedAt: '2026-01-04T12:00:00Z' }, []],
])('reports an application that is %s', (_, differs, expected) => {
  const reported = Object.entries(Object(values['triggers'])).filter(([, text]) => {
    const [{ when }] = parse(String(text));
    return holds(when, { ...done, ...differs });
  });
  expect(reported.map(([name]) => name)).toEqual(expected.map((name) => `trigger.${name}`));
});

test('finds the source commit where a release has written it', () => {
  const template = parse(String(Object(values['templates'])['template.rolled-out']));
  const pattern = new RegExp(/regexFind "\(\?m\)([^"]+)"/.exec(template.github.revisionPath)?.[1] ?? '', 'm');
  const source = 'a'.repeat(40);
  const message = `Release web v2 to production\n\nReplaces v1.\n\nSource-Commit: ${source}\nEnvironment: production`;
  expect(pattern.exec(message)?.[0]).toBe(`Source-Commit: ${source}`);
  // The trailer is the release's, and it has to be called so there too.
  expect(readFileSync('release/commit-message.ts', 'utf8')).toContain("'Source-Commit'");
});
