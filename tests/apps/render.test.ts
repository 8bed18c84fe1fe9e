import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import type { Pins } from '../../apps/pins.ts';
import { render, renderYaml } from '../../apps/render.ts';
import { imageRepository, larger, project, projectWith, settings } from '../settings/sample.ts';

const image = `${imageRepository}:v1@sha256:${'0'.repeat(64)}`;
const pins: Pins = new Map([['staging/web', { image, source: 'a'.repeat(40) }]]);

interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: Readonly<Record<string, unknown>>;
}

function documents(text: string | undefined): Rendered[] {
  return parseAllDocuments(text ?? '').map((document) => document.toJS());
}

test('renders a folder and an application for each target, and one project', () => {
  expect([...render(project, pins).keys()].toSorted()).toEqual([
    'argocd/web-production.yaml',
    'argocd/web-staging.yaml',
    'argocd/web.project.yaml',
    'manifests/production/web/namespace.yaml',
    'manifests/production/web/web.yaml',
    'manifests/staging/web/namespace.yaml',
    'manifests/staging/web/web.yaml',
  ]);
});

test.each([...render(project, pins)])('says in %s where it is from', (_path, text) => {
  expect(text).toMatch(/^# Rendered from settings\.ts, apps\/\S+.* by `npm run synth`\. Do not edit\.\n/);
});

test('renders the same bytes twice, whatever the order of what it is given', () => {
  const targets = project.targets.map(({ workload, name, ...target }) => ({
    workload: { ...workload },
    ...target,
    name,
  }));
  expect(render({ settings, targets }, new Map(pins))).toEqual(render(project, pins));
});

test('renders the pinned image, and no Deployment for an environment without one', () => {
  const files = render(project, pins);
  const staging = files.get('manifests/staging/web/web.yaml');
  expect(staging).toContain(`image: ${image}\n`);
  expect(documents(staging).map(({ kind }) => kind)).toContain('Deployment');
  expect(documents(files.get('manifests/production/web/web.yaml')).map(({ kind }) => kind)).not.toContain('Deployment');
  expect(files.get('manifests/production/web/web.yaml')).not.toContain('sha256');
});

test('ignores the pin of an environment that is gone', () => {
  const text = [
    ...render(projectWith({}, { ...settings, environments: [{ name: 'production' }] }), pins).values(),
  ].join('');
  expect(text).not.toContain('staging');
});

test('permits the kinds that are rendered, also those of the first release', () => {
  const [appProject] = documents(render(project, new Map()).get('argocd/web.project.yaml'));
  const permitted: unknown = appProject?.spec?.['namespaceResourceWhitelist'];
  for (const [group, kind] of [
    ['', 'Service'],
    ['apps', 'Deployment'],
    ['networking.k8s.io', 'NetworkPolicy'],
    ['', 'Pod'],
  ]) {
    expect(permitted).toContainEqual({ group, kind });
  }
  expect(permitted).not.toContainEqual({ group: '', kind: 'Namespace' });
});

test('keeps each environment in its namespace', () => {
  for (const name of ['staging', 'production']) {
    const namespace = `web-${name}`;
    const service = documents(render(project, pins).get(`manifests/${name}/web/web.yaml`));
    expect(new Set(service.map(({ metadata }) => metadata.namespace))).toEqual(new Set([namespace]));
    expect(documents(render(project, pins).get(`manifests/${name}/web/namespace.yaml`))).toEqual([
      expect.objectContaining({ kind: 'Namespace', metadata: expect.objectContaining({ name: namespace }) }),
    ]);
  }
});

test('checks what comes with the first release before it', () => {
  const unchecked = { because: 'a typing error', minReadySeconds: 3e9 };
  const make = (): unknown => render(projectWith({ unchecked }), new Map());
  expect(make).toThrow(
    'manifests/staging/web/: Deployment web-staging/web: spec.minReadySeconds is 3000000000. Expected a number from',
  );
  expect(make).toThrow(expect.objectContaining({ name: 'RenderError' }));
});

test('gives each service a project of its own on each cluster, with its namespaces there alone', () => {
  const files = render(projectWith({}, larger), new Map());
  expect([...files.keys()].filter((path) => path.startsWith('argocd/')).toSorted()).toEqual([
    'argocd/main/api-preview.yaml',
    'argocd/main/api-staging.yaml',
    'argocd/main/api.project.yaml',
    'argocd/main/web-preview.yaml',
    'argocd/main/web-staging.yaml',
    'argocd/main/web.project.yaml',
    'argocd/west/api-production.yaml',
    'argocd/west/api.project.yaml',
    'argocd/west/web-production.yaml',
    'argocd/west/web.project.yaml',
  ]);
  const namespaces = (path: string) => documents(files.get(path))[0]?.spec?.['destinations'];
  const server = 'https://kubernetes.default.svc';
  expect(namespaces('argocd/main/api.project.yaml')).toEqual(
    ['api-staging', 'api-preview'].map((namespace) => ({ server, namespace })),
  );
  expect(namespaces('argocd/west/api.project.yaml')).toEqual([{ server, namespace: 'api-production' }]);
});

test('says where a file is from, then its documents', () => {
  expect(renderYaml(['settings.ts', 'apps/x.ts'], [{ kind: 'A' }, { kind: 'B' }])).toBe(
    '# Rendered from settings.ts, apps/x.ts by `npm run synth`. Do not edit.\nkind: A\n---\nkind: B\n',
  );
});

test('puts first what an object is, and the rest in one order whatever order it came in', () => {
  const text =
    '# Rendered from a by `npm run synth`. Do not edit.\nkind: A\nmetadata:\n  name: x\n  labels: {}\nspec:\n  a: 1\n  b: 2\n';
  expect(renderYaml(['a'], [{ spec: { b: 2, a: 1 }, metadata: { labels: {}, name: 'x' }, kind: 'A' }])).toBe(text);
  expect(renderYaml(['a'], [{ kind: 'A', metadata: { name: 'x', labels: {} }, spec: { a: 1, b: 2 } }])).toBe(text);
});

test.each(['yes', 'on', 'no', '12:30', '017', '1e3', '~', 'null', '1_000', '2026-01-01'])(
  'keeps the text %s a text for readers of YAML 1.1 and 1.2',
  (value) => {
    const text = renderYaml(['a'], [{ value }]);
    expect(parse(text, { version: '1.1' })).toEqual({ value });
    expect(parse(text, { version: '1.2' })).toEqual({ value });
  },
);

test('writes a long line as one, and a repeated object twice', () => {
  const long = 'word '.repeat(60).trim();
  const shared = { text: long };
  expect(
    renderYaml(['a'], [{ a: shared, b: shared }])
      .split('\n')
      .slice(1),
  ).toEqual(['a:', `  text: ${long}`, 'b:', `  text: ${long}`, '']);
});

// An API server of 1.35.4 read each of these as a number where it was not quoted.
test.each(['0o14', '-0o14', '0O14', '0B1', '0X1f', '1e1_0'])('quotes %s, which is a number for Go alone', (value) => {
  expect(renderYaml(['a'], [{ [value]: value }]).split('\n')[1]).toBe(`"${value}": "${value}"`);
});

/** A number from 0 to below `below`, the next of a series that is always the same. */
function series(): (below: number) => number {
  let seed = 1;
  return (below) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
}

// A dot between each two, since some of them are spaces.
const texts = [
  'yes·no·y·N·on·~·null·true·· · a·a ·- a·-·? a·a: b·a:·:a·a #b·#a·12:30·1e3·0x1f·0o17·1_000·.5·.inf·+1·1.2.3·v1·@a·`a`·%a·*a·&a·!a',
  String.raw`{a·[a·a]·it's·"a"·a\b·é·--- a·...·=·<<·a, b·|·>·2026-01-31·example.com/web:v1@sha256:00·app.kubernetes.io/name·web-production`,
].flatMap((line) => line.split('·'));
const keys = [...texts, 'a\tb', 'a'.repeat(200), 'a b'.repeat(100)];
const leaves: readonly unknown[] = [...keys, 0, 1, -1, 1.5, 1e21, true, false, null, {}, []];

test('writes what the library writes, which writes all of a document with a text of several lines', () => {
  const next = series();
  const value = (depth: number): unknown => {
    const kind = next(depth > 3 ? 1 : 3);
    if (kind === 0) return leaves[next(leaves.length)];
    const items = Array.from({ length: next(5) }, () => value(depth + 1));
    if (kind === 1) return items;
    return Object.fromEntries(items.map((item) => [String(keys[next(keys.length)]), item]));
  };
  for (let count = 0; count < 300; count += 1) {
    const document = { a: value(0), b: value(0) };
    const whole = renderYaml(['a'], [{ ...document, zz: 'several\nlines' }]);
    expect(renderYaml(['a'], [document])).toBe(whole.slice(0, whole.indexOf('\nzz: |') + 1));
  }
});
