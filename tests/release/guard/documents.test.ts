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
    text,
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
  expect(parse(file, text)).toEqual({ text, objects: [], flaws: [{ kind: 'no object', line, says }] });
});

test('finds where a file is no YAML, and then reads nothing of it, as Argo CD does', () => {
  const text = 'apiVersion: v1\nkind: A\nmetadata: { name: x }\n---\na: [1\n';
  expect(parse(file, text)).toEqual({
    text,
    objects: [],
    flaws: [{ kind: 'no YAML', line: 6, says: expect.stringMatching(/^is no YAML \(.+ at line 6, column 1\)$/) }],
  });
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
});
