import { expect, test } from 'vitest';
import { settings } from '../../../settings.ts';
import { startRelease } from '../command.ts';
import { projectRepository } from '../project.ts';
import { pushSources, remoteOf } from '../remote.ts';
import type { Repository } from '../repository.ts';

const [environment = ''] = Object.keys(settings.environments);

function publish(clone: Repository, tag: string, source: string) {
  const image = `${settings.image}:${tag}@sha256:${'0'.repeat(64)}`;
  const what = ['--environment', environment, '--image', image, '--source', source];
  return startRelease(['publish', '--directory', clone.directory, ...what]).ended;
}

test('two processes at once, each rendering by the code of the main that it commits on', async () => {
  const remote = remoteOf(await projectRepository());
  const [clone, other] = [remote.clone(), remote.clone()];
  const [older = '', newer = ''] = pushSources(clone, 'Older', 'Newer');
  // The renderer of main changes after both clones were made.
  other.git('pull', '--quiet', 'origin', 'main');
  for (const path of other
    .git('grep', '--name-only', 'Do not edit', '--', 'apps/yaml.ts', 'manifests', 'argocd')
    .split('\n')) {
    other.write(path, other.read(path).replace('Do not edit', 'Never edit'));
  }
  other.commit('Say it more firmly');
  other.git('push', '--quiet', 'origin', 'main');

  const [first, second] = await Promise.all([publish(clone, '1.0.0', older), publish(other, '2.0.0', newer)]);

  expect([first.exitCode, second.exitCode, second.stderr]).toEqual([0, 0, '']);
  const commits = remote.git('log', '--format=%H', 'main').split('\n');
  expect(second.stdout).toBe(`${commits[0]}\n`);
  expect(['', `${commits[1]}\n`]).toContain(first.stdout);
  expect(first.stderr).toMatch(first.stdout === '' ? /^superseded: staging has 2\.0\.0 / : /^$/);
  const manifest = remote.git('show', `main:manifests/${environment}/${settings.service}.yaml`);
  expect(manifest).toContain('Never edit');
  expect(manifest).toContain(':2.0.0@');
});
