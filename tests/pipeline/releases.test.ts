import { expect, test } from 'vitest';
import { formatPin, pinPath } from '../../apps/pins.ts';
import { hasHad, releasesOf } from '../../pipeline/releases.ts';
import type { Settings } from '../../settings/settings.ts';
import { emptyRepository, type Repository } from '../release/repository.ts';
import { larger, settings } from '../settings/sample.ts';

const image = `registry.example.com/web:1.0.0@sha256:${'0'.repeat(64)}`;
const services: Settings['services'] = larger.services.map((one) => ({ ...one, build: { context: one.name } }));
const two = { ...larger, services };

/** Commits a file and returns the commit. */
function commit(repository: Repository, path: string, text = path): string {
  repository.write(path, text);
  repository.commit(path);
  return repository.head();
}

function pin(repository: Repository, target: `${string}/${string}`, source: string): void {
  commit(repository, pinPath(target), formatPin({ image, source }));
}

test('each service is released by itself, from the newest commit that changed its image', async () => {
  const repository = emptyRepository();
  const first = commit(repository, 'web/Dockerfile');
  const second = commit(repository, 'api/Dockerfile');
  commit(repository, 'README.md');
  const released = async () => (await releasesOf(repository.directory, two, false, 0)).releases;

  expect(await released()).toEqual([
    { service: 'web', source: first, environments: ['staging'] },
    { service: 'api', source: second, environments: ['staging'] },
  ]);
  pin(repository, 'staging/web', first);
  expect(await released()).toEqual([{ service: 'api', source: second, environments: ['staging'] }]);
  pin(repository, 'staging/api', second);
  expect(await released()).toEqual([]);
  const third = commit(repository, 'api/main.go');
  expect(await released()).toEqual([{ service: 'api', source: third, environments: ['staging'] }]);
});

test('releases to every environment that comes after none, and to no other', async () => {
  const environments = [...larger.environments, { name: 'demo' }];
  const repository = emptyRepository();
  const source = commit(repository, 'web/Dockerfile');
  const released = (all: boolean) =>
    releasesOf(repository.directory, { environments, services: services.slice(0, 1) }, all, 0);

  expect((await released(false)).releases).toEqual([{ service: 'web', source, environments: ['staging', 'demo'] }]);
  pin(repository, 'staging/web', source);
  expect((await released(false)).releases).toEqual([{ service: 'web', source, environments: ['demo'] }]);
  pin(repository, 'demo/web', source);
  expect(await released(false)).toEqual({
    releases: [],
    notes: [
      `web: nothing to release, because staging, demo had a build of ${source}, and no later commit changes what the image is made of.`,
    ],
  });
  expect((await released(true)).releases).toEqual([{ service: 'web', source, environments: ['staging', 'demo'] }]);
});

test('a service that has no code yet holds up no other one', async () => {
  const repository = emptyRepository();
  const source = commit(repository, 'api/Dockerfile');

  expect(await releasesOf(repository.directory, two, false, 0)).toEqual({
    releases: [{ service: 'api', source, environments: ['staging'] }],
    notes: ['web: nothing to release, because no commit has web, web/Dockerfile.'],
  });
});

test('what was rolled back is not built again, and a newer commit is', async () => {
  const repository = emptyRepository();
  const first = commit(repository, 'service/main.ts', '1');
  pin(repository, 'staging/web', first);
  const second = commit(repository, 'service/main.ts', '2');
  pin(repository, 'staging/web', second);
  repository.git('revert', '--no-edit', 'HEAD');
  commit(repository, 'README.md');
  const released = async () => (await releasesOf(repository.directory, settings, false, 0)).releases;

  expect(repository.read(pinPath('staging/web'))).toContain(first);
  expect(await released()).toEqual([]);
  const third = commit(repository, 'service/main.ts', '3');
  expect(await released()).toEqual([{ service: 'web', source: third, environments: ['staging'] }]);
});

test("what others have released meanwhile counts, by the remote's main", async () => {
  const repository = emptyRepository();
  const source = commit(repository, 'service/main.ts');
  pin(repository, 'staging/web', source);
  repository.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  repository.git('reset', '--quiet', '--hard', source);

  expect((await releasesOf(repository.directory, settings, false, 0)).releases).toEqual([]);
});

test('a source was released where the environment runs it, or a newer one that has it', async () => {
  const repository = emptyRepository();
  const [older = '', pinned = '', newer = ''] = ['one', 'two', 'three'].map((path) => commit(repository, path));
  const had = (source: string) => hasHad(repository.directory, 'HEAD', 'staging/web', source);

  expect(await had(pinned)).toBe(false);
  pin(repository, 'staging/web', pinned);
  expect(await Promise.all([older, pinned, newer].map(had))).toEqual([true, true, false]);
});

test('a source was not released where nobody can tell what runs', async () => {
  const repository = emptyRepository();
  const source = commit(repository, 'one');
  pin(repository, 'staging/web', 'f'.repeat(40));
  expect(await hasHad(repository.directory, 'HEAD', 'staging/web', source)).toBe(false);
  commit(repository, pinPath('staging/web'), 'no pin');
  expect(await hasHad(repository.directory, 'HEAD', 'staging/web', source)).toBe(false);
});

test('a pin of the time of one service counts', async () => {
  const repository = emptyRepository();
  const source = commit(repository, 'one');
  commit(repository, 'apps/images/staging.json', formatPin({ image, source }));
  expect(await hasHad(repository.directory, 'HEAD', 'staging/web', source)).toBe(true);
});

test('waits for the end of a freeze, and says why', async () => {
  const freeze = { until: '2026-12-28T08:00:00+07:00', because: 'the sale of the year' };
  const environments = [{ name: 'staging', frozen: freeze }, { name: 'demo' }];
  const repository = emptyRepository();
  const source = commit(repository, 'web/Dockerfile');
  const owned = { environments, services: services.slice(0, 1) };
  const end = Date.parse(freeze.until);
  const note =
    'staging is frozen until 2026-12-28T08:00:00+07:00: the sale of the year. Releases to it wait until then.';

  expect(await releasesOf(repository.directory, owned, false, end - 1)).toEqual({
    releases: [{ service: 'web', source, environments: ['demo'] }],
    notes: [note],
  });
  const only = { ...owned, environments: environments.slice(0, 1) };
  expect(await releasesOf(repository.directory, only, false, end - 1)).toEqual({ releases: [], notes: [note] });
  expect((await releasesOf(repository.directory, only, false, end)).releases).toEqual([
    { service: 'web', source, environments: ['staging'] },
  ]);
});
