import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { textOf } from '../../src/guard/read/files.ts';
import { filesAt, parseBatch, shownPath } from '../../src/guard/read/git-files.ts';
import { repository } from '../repository.ts';

const read = (directory: string, ...under: readonly string[]) => filesAt(directory, 'HEAD', ...under);

test('takes the answers of git cat-file apart by their size in bytes, whatever they are', () => {
  const printed = Buffer.concat([
    Buffer.from('a1 blob 6\nwéb\n\n\nb2 missing\nc3 blob 0\n\nd4 tree 4\n1\n2\n\ne5 blob 3\n'),
    Buffer.from([0xff, 0x0a, 0xfe, 0x0a]),
    Buffer.from('f6 submodule\na7 blob 4\na: 1\n'),
  ]);
  expect(parseBatch(printed, 7).map((blob) => blob?.toString('latin1') ?? null)).toEqual([
    Buffer.from('wéb\n\n').toString('latin1'),
    null,
    '',
    null,
    '\xff\n\xfe',
    null,
    'a: 1',
  ]);
});

test('reads every kind of file, and says why it can not, with the rest as it is', async () => {
  const { directory, git, commit } = repository({
    'manifests/a.yaml': 'a: wéb\n',
    'manifests/empty.yaml': '',
    'manifests/b/crlf.yaml': 'a: 1\r\n',
    'manifests/marked.yaml': '\uFEFFa: 1\n',
    'manifests/large.yaml': `a: ${'x'.repeat(10 * 1024 * 1024)}\n`,
    'manifests/lfs.yaml': 'version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 12\n',
    'manifests/line\nend "quoted" é.yaml': 'a: 2\n',
  });
  const put = (path: string, bytes: readonly number[]): void =>
    writeFileSync(join(directory, path), Buffer.from(bytes));
  put('manifests/.DS_Store', [0x62, 0xff, 0xfe, 0xe9, 0xe9, 0x80]);
  put('manifests/utf16.yaml', [0xff, 0xfe, 0x61, 0x00]);
  put('manifests/utf16-unmarked.yaml', [0x61, 0x00, 0x3a, 0x00]);
  execFileSync('sh', ['-c', `printf 'a: 3' > "$(printf 'manifests/latin-\\351.yaml')"`], { cwd: directory });
  symlinkSync('../elsewhere', join(directory, 'manifests', 'link.yaml'));
  mkdirSync(join(directory, 'argocd'));
  commit('Add more', {});
  git('update-index', '--add', '--cacheinfo', `160000,${'a'.repeat(40)},argocd/module`);
  git('commit', '--quiet', '--message=Add a submodule');

  const files = await read(directory, 'manifests', 'argocd', 'missing');
  const shown = [...files].map(([path, content]) => [path, typeof content === 'string' ? content : content.why]);
  expect(Object.fromEntries(shown)).toEqual({
    'argocd/module': 'is a submodule at aaaaaaa',
    'manifests/.DS_Store': 'is not UTF-8 text, but binary or in another encoding',
    'manifests/a.yaml': 'a: wéb\n',
    'manifests/b/crlf.yaml': 'a: 1\r\n',
    'manifests/empty.yaml': '',
    'manifests/large.yaml': 'is 10.0 MiB large, and at most 10.0 MiB of a folder are read',
    'manifests/latin-\\xE9.yaml': 'a: 3',
    'manifests/lfs.yaml': 'is a pointer of Git LFS instead of the file',
    'manifests/line\nend "quoted" é.yaml': 'a: 2\n',
    'manifests/link.yaml': 'is a symbolic link to ../elsewhere',
    'manifests/marked.yaml': '\uFEFFa: 1\n',
    'manifests/utf16-unmarked.yaml': 'is not text, because it holds the character U+0000',
    'manifests/utf16.yaml': 'is not UTF-8 text, but binary or in another encoding',
  });
});

test('reads a link in place of the folder itself, and nothing where nothing is', async () => {
  const { directory, commit } = repository({});
  expect(await read(directory, 'manifests')).toEqual(new Map());
  symlinkSync('..', join(directory, 'manifests'));
  commit('Link', {});
  expect([...(await read(directory, 'manifests')).keys()]).toEqual(['manifests']);
});

test.each(['\u0007', '\u001B', '\u007F', '\u009B'])(
  'takes the control character %j for no text, as Kubernetes does',
  (character) => {
    expect(textOf(Buffer.from(`a: ${character}`), 'a1')).toMatchObject({ why: expect.stringContaining('U+00') });
  },
);

test('shows a path in one line, with nothing hidden in it', () => {
  expect(shownPath('manifests/wéb 1.yaml')).toBe('manifests/wéb 1.yaml');
  expect(shownPath('a\nb\u202Ec')).toBe('a\\u{A}b\\u{202E}c');
});
