import { expect, test } from 'vitest';
import { isManifestFile, parseDocuments } from '../../../../src/rehearse/manifests/object.ts';

test('reads the files that Argo CD would', () => {
  expect(['a.yaml', 'a.yml', 'a.json', 'README.md', 'a.yaml.bak', '.gitkeep'].filter(isManifestFile)).toEqual([
    'a.yaml',
    'a.yml',
    'a.json',
  ]);
});

test('reads every document that is not empty, and says where it stands', () => {
  const text = '---\nkind: A\n---\n# nothing\n---\nkind: B\n';
  expect(parseDocuments({ path: 'm/web.yaml', text })).toEqual([
    { source: 'm/web.yaml, document 1', value: { kind: 'A' } },
    { source: 'm/web.yaml, document 3', value: { kind: 'B' } },
  ]);
});

test('reads YAML as Kubernetes does', () => {
  expect(parseDocuments({ path: 'a.yaml', text: 'on: yes' })[0]?.value).toEqual({ true: true });
});

test('names the file and the line of broken YAML', () => {
  expect(() => parseDocuments({ path: 'm/web.yaml', text: 'kind: A\nspec: [1, 2\n' })).toThrow(
    /m\/web\.yaml is not YAML: .* line 3/,
  );
});

test('reads JSON', () => {
  expect(parseDocuments({ path: 'a.json', text: '{"kind": "A"}' })).toEqual([
    { source: 'a.json', value: { kind: 'A' } },
  ]);
});
