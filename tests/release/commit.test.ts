import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OperationError } from 'zerodrop/errors';
import { type Commit, commitFiles, takeSnapshot } from '../../release/commit.ts';
import { emptyRepository, type Repository } from './repository.ts';

const paths = ['manifests/changed.yaml', 'manifests/gone.yaml', 'manifests/same.yaml', 'manifests/deep/new.yaml'];
const changed = [paths[0] ?? '', paths[1] ?? '', paths[3] ?? ''];
const message = 'Release web 1.2.3 to staging\n\n# Not a comment\n\nEnvironment: staging';

function begun(): Repository {
  const repository = emptyRepository();
  for (const path of paths.slice(0, 3)) repository.write(path, 'before\n');
  repository.commit('Begin');
  return repository;
}

/** As a rendering does it: empties first, and then writes what is there. */
function rewrite({ directory, write }: Repository): void {
  rmSync(join(directory, 'manifests'), { recursive: true });
  write('manifests/changed.yaml', 'after\n');
  write('manifests/same.yaml', 'before\n');
  write('manifests/deep/new.yaml', 'new\n');
}

async function committed(repository: Repository): Promise<Commit> {
  return commitFiles(repository.directory, { paths, changed, message }, async () => rewrite(repository));
}

async function failure(attempt: Promise<unknown>): Promise<string> {
  const error: unknown = await attempt.catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(OperationError);
  return error instanceof Error ? error.message : '';
}

test('commits what is new, changed and gone as the user, and returns the commit', async () => {
  const repository = begun();
  const commit = await committed(repository);
  const { git } = repository;
  expect(commit).toEqual({
    hash: git('rev-parse', 'HEAD'),
    shortHash: git('rev-parse', '--short', 'HEAD'),
    subject: 'Release web 1.2.3 to staging',
  });
  expect(git('show', '--format=%an <%ae>%n%B', '--name-status', '--no-renames')).toBe(
    `Ada Test <ada@example.com>\n${message}\n\n\nM\tmanifests/changed.yaml\nA\tmanifests/deep/new.yaml\nD\tmanifests/gone.yaml`,
  );
  expect(git('status', '--porcelain')).toBe('');
});

test('runs the hooks, and tells what they made of the message', async () => {
  const repository = begun();
  repository.hook('commit-msg', 'sed -i.bak "1s/^/ABC-1 /" "$1"');
  expect((await committed(repository)).subject).toBe('ABC-1 Release web 1.2.3 to staging');
});

test('puts everything back when a hook refuses, and quotes it', async () => {
  const repository = begun();
  repository.hook('pre-commit', 'echo "no releases on a Friday" >&2', 'exit 1');
  const before = repository.state();
  expect(await failure(committed(repository))).toBe(
    `Nothing is committed, and every file is as it was: git commit failed in ${repository.directory}: no releases on a Friday`,
  );
  expect(repository.state()).toBe(before);
  expect(readFileSync(join(repository.directory, 'manifests/gone.yaml'), 'utf8')).toBe('before\n');
});

test('puts everything back when git knows no identity', async () => {
  const repository = begun();
  repository.git('config', 'user.name', '');
  const before = repository.state();
  expect(await failure(committed(repository))).toContain('every file is as it was: git commit failed');
  expect(repository.state()).toBe(before);
});

test('puts everything back when the index is locked by another git', async () => {
  const repository = begun();
  const before = repository.state();
  const lock = join(repository.directory, '.git', 'index.lock');
  writeFileSync(lock, '');
  expect(await failure(committed(repository))).toContain('index.lock');
  rmSync(lock);
  expect(repository.state()).toBe(before);
});

test('puts everything back when writing fails in the middle', async () => {
  const repository = begun();
  const before = repository.state();
  const attempt = commitFiles(repository.directory, { paths, changed, message }, async () => {
    rewrite(repository);
    throw new Error('the disk is full');
  });
  expect(await failure(attempt)).toBe('Nothing is committed, and every file is as it was: the disk is full');
  expect(repository.state()).toBe(before);
});

test('says how to put the files back where that fails as well', async () => {
  const repository = begun();
  const attempt = commitFiles(repository.directory, { paths, changed, message }, async () => {
    rmSync(join(repository.directory, 'manifests'), { recursive: true });
    repository.write('manifests', 'a file where the folder was');
    throw new Error('the disk is full');
  });
  const sentence = await failure(attempt);
  expect(sentence).toMatch(
    /^Nothing is committed \(the disk is full\), and putting the files back failed, too \(.+\)\. /,
  );
  expect(sentence).toMatch(/git reset --hard and git clean -d --force do it\.$/);
});

test('puts back what changed, what is gone and what came, byte for byte', async () => {
  const { directory, write } = emptyRepository();
  const binary = Buffer.from([0, 255, 13, 10]);
  write('deep/gone.yaml', 'gone\n');
  writeFileSync(join(directory, 'changed'), binary);
  const putBack = await takeSnapshot(directory, ['deep/gone.yaml', 'changed', 'new']);
  rmSync(join(directory, 'deep'), { recursive: true });
  write('changed', 'other');
  write('new', 'new');
  await putBack();
  expect(readFileSync(join(directory, 'deep/gone.yaml'), 'utf8')).toBe('gone\n');
  expect(readFileSync(join(directory, 'changed'))).toEqual(binary);
  expect(readdirSync(directory)).not.toContain('new');
});
