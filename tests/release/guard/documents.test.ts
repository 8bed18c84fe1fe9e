import { expect, test } from 'vitest';
import { CannotRelease } from '../../../release/cannot-release.ts';
import { parseManifests } from '../../../release/guard/documents.ts';

const parse = (path: string, text: string): unknown => parseManifests(new Map([[path, text]])).get(path);

test('reads every document of a file', () => {
  expect(
    parse(
      'argocd/a.yaml',
      'apiVersion: v1\nkind: A\nmetadata: { name: x }\n---\napiVersion: b/v1\nkind: B\nmetadata: { name: z, namespace: m }\n',
    ),
  ).toEqual([
    expect.objectContaining({ path: 'argocd/a.yaml', apiVersion: 'v1', kind: 'A', namespace: null, name: 'x' }),
    expect.objectContaining({ path: 'argocd/a.yaml', apiVersion: 'b/v1', kind: 'B', namespace: 'm', name: 'z' }),
  ]);
});

test('skips what Argo CD skips: a document without kind or name', () => {
  expect(parse('a.yaml', '---\n---\nkind: A\n---\napiVersion: v1\nmetadata: { name: x }\n---\njust text\n')).toEqual(
    [],
  );
});

test('reads numbers and truth as Kubernetes does, by YAML 1.1', () => {
  expect(parse('a.yaml', 'apiVersion: v1\nkind: A\nmetadata: { name: x }\ndata: [yes, 010]\n')).toEqual([
    expect.objectContaining({ document: expect.objectContaining({ data: [true, 8] }) }),
  ]);
});

test('leaves other files alone', () => {
  expect(parse('manifests/README.md', '# not: [YAML')).toBeUndefined();
});

const broken = (): unknown => parse('manifests/staging/web.yaml', 'a: [1\n');

test('names the file that is no YAML, and how to mend it', () => {
  expect(broken).toThrow(CannotRelease);
  expect(broken).toThrow(
    /^manifests\/staging\/web\.yaml is not YAML \(.+ at line 2, column 1\)\. Render it anew with npm run synth, and commit it\.$/,
  );
});
