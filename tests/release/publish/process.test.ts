import { expect, test } from 'vitest';
import { settings } from '../../../settings.ts';
import { firstOf } from '../../../settings/settings.ts';
import { startRelease } from '../command.ts';
import { projectRepository } from '../project.ts';
import { pushSource, remoteOf } from '../remote.ts';
import type { Repository } from '../repository.ts';

const service = firstOf(settings.services);
const [environment = ''] = settings.environments.map(({ name }) => name);

function publish(clone: Repository, tag: string, source: string) {
  const image = `${service.image}:${tag}@sha256:${'0'.repeat(64)}`;
  const what = ['--environment', environment, '--service', service.name, '--image', image, '--source', source];
  return startRelease(['publish', '--directory', clone.directory, ...what]).ended;
}

test('a process renders by the code of the main that it commits on, and not by its own', async () => {
  const remote = remoteOf(await projectRepository());
  const [clone, other] = [remote.clone(), remote.clone()];
  const source = pushSource(clone, 'Answer faster');
  // The renderer of main changes after the clone was made.
  other.git('pull', '--quiet', 'origin', 'main');
  for (const path of other.git('grep', '--name-only', 'Do not edit', '--', 'apps', 'manifests', 'argocd').split('\n')) {
    other.write(path, other.read(path).replace('Do not edit', 'Never edit'));
  }
  other.commit('Say it more firmly');
  other.git('push', '--quiet', 'origin', 'main');

  const { exitCode, stdout, stderr } = await publish(clone, '1.0.0', source);

  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout).toBe(`${remote.git('rev-parse', 'main')}\n`);
  const manifest = remote.git('show', `main:manifests/${environment}/${service.name}/${service.name}.yaml`);
  expect(manifest).toContain('Never edit');
  expect(manifest).toContain(':1.0.0@');
});
