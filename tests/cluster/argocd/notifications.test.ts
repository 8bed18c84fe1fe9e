import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { notifications } from '../../../cluster/argocd/notifications.ts';
import { resolveGoogle } from '../../../settings/google/resolve.ts';
import { googleOf, samples } from '../sample.ts';
import { cases, evaluateFor, notified } from './notified.ts';

const values = notifications(resolveGoogle(googleOf(samples.everything)));

test('is off without a GitHub App', () => {
  expect(notifications(resolveGoogle(googleOf(samples.production)))).toEqual({ enabled: false });
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

test.each(cases)('reports an Application that is %s', (_, differs, fired, commit) => {
  const app = notified(differs);
  const triggers = Object.entries(Object(values['triggers'])).map(([name, text]) => ({
    name,
    ...parse(String(text))[0],
  }));
  expect(triggers.filter(({ when }) => evaluateFor(app, when) === true).map(({ name }) => name)).toEqual(
    fired.map((name) => `trigger.${name}`),
  );
  for (const { oncePer } of triggers) expect(evaluateFor(app, oncePer) ?? '').toBe(commit);
});

test('reports nothing of the root, nor before the first operation', () => {
  const app = notified({});
  const [{ when }] = parse(String(Object(values['triggers'])['trigger.rolled-out']));
  expect(evaluateFor({ ...app, metadata: { name: 'root' } }, when)).toBe(false);
  expect(evaluateFor({ ...app, status: { sync: app.status.sync } }, when)).toBe(false);
});

test('evaluates no expression that it does not know', () => {
  expect(() => evaluateFor({}, 'app.name startsWith 1')).toThrow('Not read');
  expect(() => evaluateFor({}, 'now()')).toThrow('Not read: ( )');
  expect(() => evaluateFor({}, 'app.status.phase')).toThrow('cannot fetch phase from <nil>');
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
