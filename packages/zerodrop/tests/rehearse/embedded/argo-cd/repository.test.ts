import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fetchCommit, makeCheckout, readFolder, tipOf } from '../../../../src/rehearse/embedded/argo-cd/committed.ts';
import { makeTinyRepository, type TinyRepository } from '../tiny-repository.ts';

let repository: TinyRepository;
let checkout: string;

beforeAll(async () => {
  repository = makeTinyRepository();
  checkout = path.join(repository.folder, 'checkout.git');
  await makeCheckout(checkout);
});

afterAll(() => repository.dispose());

test('has no tip before the first push, and fetches what was pushed', async () => {
  expect(await tipOf(repository.remote, 'main')).toBeNull();
  repository.writeText('m/a.yaml', 'a');
  repository.writeText('m/README.md', 'words');
  repository.writeText('m/inner/b.yaml', 'b');
  const commit = repository.push();
  expect(await tipOf(repository.remote, 'main')).toBe(commit);
  expect(await fetchCommit(checkout, repository.remote, 'main', 'one')).toBe(commit);
  expect(await fetchCommit(checkout, repository.remote, commit, 'two')).toBe(commit);
});

test('reads the manifests of a folder, and no subfolder', async () => {
  const commit = await fetchCommit(checkout, repository.remote, 'main', 'one');
  expect(await readFolder(checkout, commit, 'm')).toEqual([{ path: 'm/a.yaml', text: 'a' }]);
  expect(await readFolder(checkout, commit, '.')).toEqual([]);
  expect(await readFolder(checkout, commit, 'nowhere')).toBeNull();
});

test("quotes git's own words", async () => {
  await expect(fetchCommit(checkout, repository.remote, 'nowhere', 'one')).rejects.toThrow(
    "couldn't find remote ref nowhere",
  );
});
