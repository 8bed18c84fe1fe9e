import { describe, expect, test } from 'vitest';
import { judge, type Unreadable } from '../../src/guard/index.ts';
import { deployment, service } from './manifests.ts';
import { file, folder, rulesOf } from './sample.ts';

const path = 'manifests/production/web.yaml';
const base = file(...folder);

/** The sentences about files that come, or change. */
function about(files: Readonly<Record<string, string | Unreadable>>): readonly string[] {
  const before = new Map([[path, base]]);
  const after = new Map<string, string | Unreadable>([[path, base], ...Object.entries(files)]);
  return judge(before, after, { profile: 'lossless' }).findings.map(
    ({ rule, path: where, what }) => `${rule} ${where === path ? '' : `${where} `}${what}`,
  );
}

const broken = (data: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\ndata: ${data}\n`;

describe('one finding for a file that can not be read, and none for its objects', () => {
  test.each([
    ['H1 an alias without an anchor', broken('*nope')],
    [
      'H3 aliases of aliases',
      broken(
        `[${'a,'.repeat(1)}&a [x, x], ${Array.from({ length: 9 }, (_, index) => `&b${index} [${Array.from({ length: 9 }, () => (index === 0 ? '*a' : `*b${index - 1}`)).join(', ')}]`).join(', ')}]`,
      ),
    ],
    ['an alias of itself', broken('&a [*a]')],
    ['a map as a key', broken('{? {a: b} : c}')],
    ['what Helm leaves', broken('{{ .Values.x }}')],
    ['H6 a tab', 'apiVersion: v1\nkind: ConfigMap\n\tmetadata: {name: a}\n'],
    ['H6 markers of a conflict', `<<<<<<< HEAD\n${base}=======\n${base}>>>>>>> other\n`],
    ['H6 glued documents', base.replace('---\napiVersion: apps', '---apiVersion: apps')],
    ['H4 a tag behind a separator', base.replace('---\napiVersion: apps', '--- !doc\napiVersion: apps')],
    ['brackets', broken('['.repeat(100_000))],
    ['lists', broken(`\n${'- '.repeat(100_000)}a`)],
  ])('%s', (_name, text) => {
    expect(about({ [path]: text })).toEqual([expect.stringMatching(/^yaml-broken /)]);
  });

  test.each([
    ['a tag', broken('!secret abc')],
    ['H6 a duplicate key', broken('{a: b, a: c}')],
  ])('%s is read, in another way than it seems', (_name, text) => {
    expect(about({ [path]: text })).toEqual([expect.stringMatching(/^yaml-misread /)]);
  });

  test('H4: a document behind an end mark is not read', () => {
    expect(about({ [path]: base.replace('---\napiVersion: apps', '...\napiVersion: apps') })).toEqual([
      'kind-missing begins a second document without a line --- before it, which Kubernetes does not read',
    ]);
  });

  test('G7, H7, H9: names what stands in the way', () => {
    expect(about({ 'manifests/production/.argocd-source-web.yaml': 'directory: {exclude: "*"}\n' })).toEqual([
      'folder-misread manifests/production/.argocd-source-web.yaml overrides what the Application says about how to read the folder',
    ]);
    expect(about({ [path]: { why: 'is a symbolic link to ../staging/web.yaml', object: 'a' } })).toEqual([
      'objects-hidden is a symbolic link to ../staging/web.yaml',
    ]);
    expect(about({ 'manifests/production/more': { why: 'is a submodule at abcdef0', object: 'a' } })).toEqual([
      'objects-hidden manifests/production/more is a submodule at abcdef0',
    ]);
    expect(about({ [path]: { why: 'is not UTF-8 text, but binary or in another encoding', object: 'a' } })).toEqual([
      expect.stringMatching(/^yaml-broken is not UTF-8/),
    ]);
    expect(about({ 'manifests/production/kustomization.yaml': 'resources: [web.yaml]\n' })).toEqual([
      expect.stringMatching(/^folder-misread /),
    ]);
    expect(about({ 'manifests/production/a.jsonnet': '{}' })).toEqual([expect.stringMatching(/^objects-hidden /)]);
  });

  test('says nothing of objects in a file that is mended', () => {
    expect(rulesOf(broken('*nope'), broken('{a: b}'))).toEqual([]);
  });
});

test('reads a list as its items, which the profile lossless does not want', () => {
  const list = JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a', namespace: 'shop' }, spec: {} }],
  });
  const before = new Map([['k/list.json', list]]);
  expect(
    judge(before, new Map([['k/list.json', list.replace('"name":"a"', '"name":"b"')]])).findings.map(
      ({ rule }) => rule,
    ),
  ).toEqual(['name-changed']);
  expect(rulesOf(base, `${base}---\n${list}`)).toEqual(['objects-hidden']);
});

test('ignores what Argo CD ignores, and YAML that is no manifest', () => {
  expect(about({ 'manifests/production/notes.txt': 'apiVersion: v1\nkind: x' })).toEqual([]);
  expect(rulesOf('', '# +argocd:skip-file-rendering\nkind: Deployment\n')).toEqual([]);
  expect(
    judge(
      new Map(),
      new Map([
        ['docker-compose.yml', 'services: *nope'],
        ['.github/workflows/a.yaml', 'on: push\njobs: {'],
      ]),
    ).findings,
  ).toEqual([]);
});

test('takes an explicit namespace for the one that is filled in', () => {
  expect(rulesOf(base, base.replaceAll('  namespace: shop\n', ''))).toEqual([]);
});

test('points at the field, in lines and columns of the file', () => {
  const after = base.replace('maxUnavailable: 0', 'maxUnavailable: 1');
  const [finding] = judge(new Map([[path, base]]), new Map([[path, after]]), { profile: 'lossless' }).findings;
  const line = after.split('\n').findIndex((text) => text.includes('      maxUnavailable: 1')) + 1;
  expect(finding).toMatchObject({ path, line, column: 7, endLine: line, endColumn: 24 });
});

test('an object that stands twice may allow that by its annotation', () => {
  const twice = service.replace('metadata:', 'metadata:\n  annotations: {zerodrop.dev/allow.duplicate: we move it}');
  const { findings } = judge(new Map([[path, base]]), new Map([[path, `${base}---\n${twice}`]]), {
    profile: 'lossless',
  });
  expect(findings.map(({ rule, annotated }) => [rule, annotated])).toContainEqual(['duplicate', 'we move it']);
});

test('counts an object that stands twice once', () => {
  expect(rulesOf(base, `${base}---\n${service}`)).toEqual(['duplicate']);
  expect(rulesOf(file(service, deployment, service), file(deployment, service, service))).toEqual([]);
});
