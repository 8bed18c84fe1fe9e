import { expect, test } from 'vitest';
import { assertSettings, defineSettings } from '../../settings/define.ts';
import { environment, settings } from './sample.ts';

test('returns settings that are right', () => {
  expect(defineSettings(settings)).toBe(settings);
});

test('names every wrong setting at once, a line each', () => {
  const wrong = { ...settings, image: 'web:v1', environments: { production: { ...environment, replicas: 1 } } };
  expect(() => defineSettings(wrong)).toThrow(
    expect.objectContaining({
      message: [
        "settings.ts: image is 'web:v1', but a release pins tag and digest. Leave them out.",
        'settings.ts: environments.production.replicas is 1, but a rollout without loss needs at least 2. Set it to a whole number of 2 or more.',
      ].join('\n'),
    }),
  );
});

test('refuses what is no object', () => {
  expect(() => assertSettings('web')).toThrow('settings.ts: defineSettings() was given no object.');
});

test('refuses a setting that it does not know', () => {
  expect(() => assertSettings({ ...settings, repo: 'x' })).toThrow(
    'repo is not a setting. Use one of service, repository, image, environments, google.',
  );
});

test('refuses settings without an environment', () => {
  expect(() => defineSettings({ ...settings, environments: {} })).toThrow('environments has no entry, but');
  expect(() => assertSettings({ ...settings, environments: undefined })).toThrow('environments has no entry, but');
});

test('refuses two environments in one namespace', () => {
  expect(() =>
    defineSettings({ ...settings, environments: { staging: environment, production: environment } }),
  ).toThrow(
    "environments.production.namespace is 'web-production', as in environments.staging, so one would prune the other.",
  );
});

test('refuses an environment whose name is none', () => {
  expect(() => defineSettings({ ...settings, environments: { '../up': environment } })).toThrow(
    "environments has '../up', expected a name of lower case letters",
  );
});
