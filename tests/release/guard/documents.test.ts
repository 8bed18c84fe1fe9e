import { expect, test } from 'vitest';
import { type ManifestFile, parseManifests } from '../../../release/guard/documents.ts';

function parse(path: string, text: string): ManifestFile | undefined {
  return parseManifests(new Map([[path, text]])).get(path);
}

const file = 'manifests/staging/web.yaml';

test('reads every document of a file', () => {
  const text =
    'apiVersion: v1\nkind: A\nmetadata: { name: x }\n---\napiVersion: b/v1\nkind: B\nmetadata: { name: z, namespace: m }\n';
  expect(parse('argocd/a.yaml', text)).toEqual({
    content: text,
    isRead: true,
    objects: [
      expect.objectContaining({ path: 'argocd/a.yaml', apiVersion: 'v1', kind: 'A', namespace: null, name: 'x' }),
      expect.objectContaining({ path: 'argocd/a.yaml', apiVersion: 'b/v1', kind: 'B', namespace: 'm', name: 'z' }),
    ],
    flaws: [],
  });
});

test('knows the line of each field, and of what is nearest to one that is not there', () => {
  const text =
    '# a comment\n---\napiVersion: v1\nkind: A\nmetadata:\n  name: x\nspec:\n  ports:\n    - port: 1\n    - port: 2\n';
  const [object] = parse(file, text)?.objects ?? [];
  expect(
    [[], ['spec', 'ports', 1, 'port'], ['spec', 'ports', 2], ['spec', 'other'], ['status']].map((at) =>
      object?.line(at),
    ),
  ).toEqual([3, 10, 8, 7, 3]);
});

test.each([
  ['---\nkind: A\n', 2, 'begins a A without apiVersion'],
  ['---\napiVersion: v1\nmetadata: { name: x }\n', 2, 'begins a document without kind'],
  ['apiVersion: v1\nkind: A\nmetadata: { generateName: x }\n', 1, 'begins a A without metadata.name'],
  ['---\n---\n\njust text\n', 4, 'begins a document that is no object'],
])('finds the flaw of %j', (text, line, says) => {
  expect(parse(file, text)).toMatchObject({ objects: [], flaws: [{ kind: 'no object', line, says }] });
});

test('finds where a file is no YAML, and then reads nothing of it, as Argo CD does', () => {
  const text = 'apiVersion: v1\nkind: A\nmetadata: { name: x }\n---\na: [1\n';
  const says = 'is no YAML (Flow sequence in block collection must be sufficiently indented and end with a ])';
  expect(parse(file, text)).toEqual({
    content: text,
    isRead: false,
    objects: [],
    flaws: [{ kind: 'no YAML', line: 6, says }],
  });
});

const object = 'apiVersion: v1\nkind: A\nmetadata: { name: x }\n';
const levels = ['a', 'b', 'c', 'd', 'e'].map((name, index, all) => {
  const items = index === 0 ? '1' : `*${all[index - 1]}`;
  return `${name}: &${name} [${Array.from({ length: 9 }, () => items).join(', ')}]\n`;
});

test.each([
  ['an alias without an anchor', `${object}data: *nope\n`, 4, 'has an alias without an anchor (*nope)'],
  ['an anchor of another document', `a: &a 1\n---\n${object}data: *a\n`, 6, 'has an alias without an anchor (*a)'],
  ['an alias before its anchor', `${object}data: [*a, &a 1]\n`, 4, 'has an alias without an anchor (*a)'],
  ['a cycle', `${object}data: &a\n  b: [*a]\n`, 5, 'has an alias of something that it is a part of (*a)'],
  [
    'too many aliases',
    `${object}---\n${levels.join('')}`,
    4,
    'begins a document that is no YAML (Excessive alias count',
  ],
  [
    'an unknown tag',
    `${object}data: !vault x\n`,
    4,
    'has a tag that Kubernetes does not know (Unresolved tag: !vault)',
  ],
  ['a tag of a language', `${object}data: !!js/function x\n`, 4, 'has a tag that Kubernetes does not know'],
  [
    'a merge of a number',
    `${object}data:\n  <<: 3\n`,
    1,
    'begins a document that is no YAML (Merge sources must be maps',
  ],
  ['an object as a key', `${object}{{ .Values.x }}: y\n`, 4, 'has a list or an object as a key'],
  ['text after the marker', `${object}--- !doc\n${object}`, 4, 'has more than a comment after its `---`'],
  ['an object after the marker', `${object}--- { apiVersion: v1 }\n`, 4, 'has more than a comment after its `---`'],
  ['a marker of four', `${object}----\n${object}`, 4, 'has more than a comment after its `---`'],
  ['a directive', `%YAML 1.2\n---\n${object}`, 1, 'is a directive, which Kubernetes does not read'],
  ['a tab', `${object}data:\n\tb: 1\n`, 5, 'is no YAML ('],
  ['a list without end', `${object}data: ${'['.repeat(20_000)}\n`, 4, 'is no YAML ('],
])('finds what Kubernetes does not read: %s', (_, text, line, says) => {
  expect(parse(file, text)).toMatchObject({
    isRead: false,
    objects: [],
    flaws: [{ kind: 'no YAML', line, says: expect.stringContaining(says) }],
  });
});

test.each([
  ['line ends of Windows', `${object}---\n${object}`.replaceAll('\n', '\r\n')],
  ['a byte order mark', `\uFEFF${object}---\n${object}`],
  ['a comment after the marker', `--- # one\n${object}--- # two\n${object}`],
  ['a marker in a text', `${object}data: |\n  ---\n---\n${object}`],
  ['an end of the document before a marker', `${object}...\n---\n${object}`],
  ['an alias of its anchor', `${object}data: [&a 1, *a]\n---\n${object}`],
  ['a merge', `${object}data: &a { b: 1 }\nmore: { <<: *a }\n---\n${object}`],
])('reads both objects of a file with %s', (_, text) => {
  expect(parse(file, text)).toMatchObject({ isRead: true, objects: [{ name: 'x' }, { name: 'x' }], flaws: [] });
});

test('reads one document between two markers, as Kubernetes does, and finds the other', () => {
  const read = parse(file, `${object}...\n${object}---\n${object}`);
  expect(read?.objects.map(({ line }) => line([]))).toEqual([1, 9]);
  expect(read?.flaws).toEqual([
    { kind: 'no object', line: 5, says: 'begins a document without a line `---` before it' },
  ]);
});

test('reads a file of JSON as JSON', () => {
  const json = 'manifests/staging/web.json';
  expect(parse(json, '{"apiVersion":"v1","kind":"A","metadata":{"name":"x"}}')?.objects).toHaveLength(1);
  expect(parse(json, '# no comment\n{}')?.flaws).toMatchObject([{ kind: 'no YAML', line: null }]);
});

test.each([
  ['manifests/staging/web.yaml', 'is not UTF-8 text, but binary or in another encoding', 'no YAML'],
  ['argocd/staging.yaml', 'is a symbolic link to production.yaml', 'hidden objects'],
  ['manifests/staging/more', 'is a symbolic link to ../..', 'hidden objects'],
  ['manifests/vendor', 'is a submodule at aaaaaaa', 'hidden objects'],
  ['manifests', 'is a symbolic link to elsewhere', 'hidden objects'],
])('%s: the file %s', (path, why, kind) => {
  const files = new Map([[path, { why, object: 'a1' }]]);
  expect(parseManifests(files).get(path)).toMatchObject({ isRead: false, flaws: [{ kind, line: null, says: why }] });
});

test('takes a key that stands twice for a flaw', () => {
  expect(parse(file, 'kind: A\nkind: B\n')?.flaws).toEqual([expect.objectContaining({ kind: 'no YAML', line: 2 })]);
});

test('finds nothing in empty documents, nor in a file that Argo CD is told to skip', () => {
  expect(parse(file, '---\n---\n# nothing\n')).toMatchObject({ objects: [], flaws: [] });
  expect(parse(file, '# +argocd:skip-file-rendering\nkind: A\n')).toMatchObject({ objects: [], flaws: [] });
});

test('reads numbers and truth as Kubernetes does, by YAML 1.1', () => {
  const text = 'apiVersion: v1\nkind: A\nmetadata: { name: x }\ndata: [yes, 010]\n';
  expect(parse(file, text)?.objects[0]?.document).toMatchObject({ data: [true, 8] });
});

test('leaves other files alone', () => {
  expect(parse('manifests/README.md', '# not: [YAML')).toBeUndefined();
  expect(parse('apps/images/staging.json', '{}')).toBeUndefined();
  expect(parseManifests(new Map([['manifests/.DS_Store', { why: 'is not UTF-8 text', object: 'a1' }]])).size).toBe(0);
});
