import { expect, onTestFinished, test, vi } from 'vitest';
import { run } from '../../../release/run.ts';
import { settings } from '../../../settings.ts';
import { firstOf } from '../../../settings/settings.ts';
import { projectRepository } from '../project.ts';
import { gitHubServer } from '../pull-request/github-server.ts';
import { commitRelease, remoteOf } from '../remote.ts';

const service = firstOf(settings.services);
const first = firstOf(settings.environments).name;
const second = settings.environments.find(({ after }) => after === first)?.name ?? '';

test('promote and rollback open a pull request each, with the token from the environment', async () => {
  const remote = remoteOf(await projectRepository());
  const clone = remote.clone();
  await commitRelease(clone, '1.0.0', first, service.name);
  await commitRelease(clone, '2.0.0', first, service.name);
  clone.git('push', '--quiet', 'origin', 'main');
  const { github, pullRequests, asked } = await gitHubServer();
  const environment = { GITHUB_API_URL: github.api, GITHUB_REPOSITORY: 'example/zerodrop', GH_TOKEN: 'of-the-app' };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const offer = (...args: readonly string[]) =>
    run([...args, '--service', service.name, '--directory', clone.directory, '--pull-request']);

  const [promoted, rolledBack] = await Promise.all([
    offer('promote', '--from', first),
    offer('rollback', '--environment', first),
  ]);

  const addresses = [promoted.stdout, rolledBack.stdout].toSorted();
  expect(addresses).toEqual([1, 2].map((number) => `https://github.com/example/zerodrop/pull/${number}\n`));
  expect([promoted.stderr, rolledBack.stderr, promoted.exitCode, rolledBack.exitCode]).toEqual(['', '', 0, 0]);
  expect(pullRequests.map(({ head, title }) => `${head}: ${title}`).toSorted()).toEqual([
    `promote/${service.name}-${second}: Promote ${service.name} 2.0.0 to ${second}`,
    `roll-back/${service.name}-${first}: Roll ${first} back to ${service.name} 1.0.0`,
  ]);
  expect(asked.every((line) => line.endsWith(' Bearer of-the-app'))).toBe(true);
  expect(pullRequests.find(({ head }) => head.startsWith('roll-back/'))?.body).toMatch(
    /### Commits that leave\n\n```text\n\w+ Change for 2\.0\.0\n```/,
  );
  expect(remote.git('log', '-1', '--format=%s', `roll-back/${service.name}-${first}`)).toBe('Revert "Release 2.0.0"');
});
