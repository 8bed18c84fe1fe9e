import { expect, test } from 'vitest';
import { render } from '../../../../apps/render.ts';
import { parseManifests } from '../../../../release/guard/documents.ts';
import { guard, type Refusal } from '../../../../release/guard/guard.ts';
import type { EnvironmentSettings, Settings } from '../../../../settings/settings.ts';
import { environment, settings } from '../../../settings/sample.ts';
import { edited, image } from '../rendered.ts';

const pin = { image, source: 'a'.repeat(40) };
const both = new Map([
  ['staging', pin],
  ['production', pin],
]);

function withEach(
  changes: Partial<EnvironmentSettings>,
  names: readonly string[] = ['staging', 'production'],
): Settings {
  const changed = (name: string): EnvironmentSettings => ({
    ...environment,
    namespace: `web-${name}`,
    ...(names.includes(name) ? changes : {}),
  });
  return { ...settings, environments: { staging: changed('staging'), production: changed('production') } };
}

function judged(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  returning: readonly string[] = [],
): readonly Refusal[] {
  return guard(parseManifests(before), parseManifests(after), new Set(returning));
}

const before = render(settings, both);

test('refuses a setting that changes in both environments at once', () => {
  expect(judged(before, render(withEach({ replicas: 5 }), both))).toEqual([
    expect.objectContaining({
      rule: 'several-environments',
      path: 'manifests/staging/web.yaml',
      sentence: expect.stringContaining(
        'production and staging change in one merge. What is wrong with it reaches all of them at once, past the promotion',
      ),
    }),
  ]);
});

test.each(['staging', 'production'])('lets it change in %s alone', (name) => {
  expect(judged(before, render(withEach({ replicas: 5 }, [name]), both))).toEqual([]);
});

test('counts what Argo CD is told of an environment', () => {
  const after = new Map(before);
  for (const name of ['staging', 'production']) {
    const path = `argocd/${name}.yaml`;
    after.set(path, edited(before.get(path) ?? '', 'limit: 5', 'limit: 6'));
  }
  expect(judged(before, after).map(({ rule, path }) => [rule, path])).toEqual([
    ['several-environments', 'argocd/production.yaml'],
  ]);
});

test('counts no environment that runs nothing yet', () => {
  const staging = new Map([['staging', pin]]);
  expect(judged(render(settings, staging), render(withEach({ replicas: 5 }), staging))).toEqual([]);
  expect(judged(new Map(), before)).toEqual([]);
});

test('counts no comment and no other order', () => {
  const after = new Map([...before].map(([path, text]) => [path, `# More words.\n${text}`]));
  expect(judged(before, after)).toEqual([]);
});

test('counts no environment that becomes what it has been', () => {
  const after = render(withEach({ replicas: 5 }), both);
  expect(judged(after, before, ['manifests/staging', 'manifests/production'])).toEqual([]);
  expect(judged(after, before, ['manifests/staging'])).toEqual([]);
  expect(judged(after, before)).toHaveLength(1);
});
