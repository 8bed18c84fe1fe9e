import { expect, test } from 'vitest';
import { imageSource as sourceOf } from '../../../pipeline/image/published.ts';
import { buildOf } from '../../../settings/build.ts';
import { emptyRepository, type Repository, temporaryFolder } from '../../release/repository.ts';

const imageSource = (directory: string, build = {}) => sourceOf(directory, buildOf({ build }));

function commit(repository: Repository, path: string): string {
  repository.write(path, path);
  repository.commit(path);
  return repository.git('rev-parse', 'HEAD');
}

test('is the newest commit that the image is made of, whatever came after it', async () => {
  const repository = emptyRepository();
  commit(repository, 'Dockerfile');
  const source = commit(repository, 'service/routes/echo.ts');
  commit(repository, 'apps/images/staging/web.json');
  commit(repository, 'docs/service/package.json');
  expect(await imageSource(repository.directory)).toBe(source);
});

test('is a commit of main, also where a branch was merged', async () => {
  const repository = emptyRepository();
  commit(repository, 'Dockerfile');
  repository.git('checkout', '--quiet', '-b', 'change');
  commit(repository, 'service/main.ts');
  repository.git('checkout', '--quiet', 'main');
  repository.git('merge', '--quiet', '--no-ff', '--message=Merge', 'change');
  expect(await imageSource(repository.directory)).toBe(repository.git('rev-parse', 'main'));
});

/** A lockfile with one tool of this version. */
function lockfile(version: string): string {
  return JSON.stringify({ packages: { '': {}, 'node_modules/knip': { version, dev: true } } });
}

test("is not a tool's update on top of it", async () => {
  const repository = emptyRepository();
  repository.write('Dockerfile', 'RUN npm ci --omit=dev --ignore-scripts\n');
  repository.write('package-lock.json', lockfile('1.0.0'));
  const source = commit(repository, 'service/main.ts');
  repository.write('package-lock.json', lockfile('2.0.0'));
  repository.commit('Update knip');
  repository.write('Dockerfile', '# Comments are no news.\nRUN npm ci --omit=dev --ignore-scripts\n');
  repository.commit('Explain');

  expect(await imageSource(repository.directory)).toBe(source);
});

test('is that of its own build', async () => {
  const repository = emptyRepository();
  const api = commit(repository, 'api/main.go');
  const web = commit(repository, 'service/main.ts');
  commit(repository, 'api.md');
  expect(await imageSource(repository.directory, { context: 'api' })).toBe(api);
  expect(await imageSource(repository.directory)).toBe(web);
  const docker = commit(repository, 'docker/api.Dockerfile');
  expect(await imageSource(repository.directory, { context: 'api', dockerfile: 'docker/api.Dockerfile' })).toBe(docker);
});

test("is nothing where there is no code, and can't be told from a part of the history", async () => {
  const repository = emptyRepository();
  commit(repository, 'README.md');
  expect(await imageSource(repository.directory)).toBeNull();
  commit(repository, 'Dockerfile');
  const shallow = temporaryFolder();
  repository.git('clone', '--quiet', '--depth=1', `file://${repository.directory}`, shallow);
  await expect(imageSource(shallow)).rejects.toThrow('This clone is shallow');
});
