import { chmodSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type Pin, type Pins, formatPin, pinPath } from '../../apps/pins.ts';
import type { Project } from '../../apps/project.ts';
import { render } from '../../apps/render.ts';
import { moreThanRollback } from '../../pipeline/rollback.ts';
import { type Repository, renderedRepository } from '../release/repository.ts';
import { imageRepository, project, projectWith } from '../settings/sample.ts';

const pin = (version: number): Pin => ({
  image: `${imageRepository}:${version}.0.0@sha256:${String(version).repeat(64)}`,
  source: String(version).repeat(40),
});

/** Commits these pins, with what is rendered of them. */
function release(repository: Repository, pins: Readonly<Record<string, Pin>>, owned: Project = project): void {
  const byTarget: Pins = new Map(Object.entries(pins).map(([name, pinned]) => [`${name}/web`, pinned]));
  for (const [target, pinned] of byTarget) repository.write(pinPath(target), formatPin(pinned));
  for (const [file, text] of render(owned, byTarget)) repository.write(file, text);
  repository.commit(`Release ${JSON.stringify(pins)}`);
}

const [one, two, three] = [pin(1), pin(2), pin(3)];

type Change = (repository: Repository) => void;

/** What changes of a main that has released 1 and 2 are said to be, by name. In one repository, because making one takes its time. */
async function judged(changes: Readonly<Record<string, Change>>): Promise<Record<string, string | null>> {
  const repository = renderedRepository();
  release(repository, { staging: one, production: one });
  release(repository, { staging: two, production: two });
  const base = repository.git('rev-parse', 'HEAD');
  const said: Record<string, string | null> = {};
  for (const [name, change] of Object.entries(changes)) {
    repository.git('reset', '--quiet', '--hard', base);
    change(repository);
    repository.commit('Change');
    said[name] = await moreThanRollback(repository.directory, base, 'HEAD', project);
  }
  return said;
}

test('a change that only brings pins back, with what main renders of them, is a rollback', async () => {
  const changes: Record<string, Change> = {
    'a revert': (repository) => repository.git('revert', '--no-edit', 'HEAD'),
    'one environment': (repository) => release(repository, { staging: two, production: one }),
    'several commits': (repository) =>
      [three, one].forEach((next) => release(repository, { staging: two, production: next })),
  };

  expect(await judged(changes)).toEqual(Object.fromEntries(Object.keys(changes).map((name) => [name, null])));
});

/** Changes that are more than a rollback, each with what is said of it. */
const more: readonly (readonly [string, RegExp, Change])[] = [
  [
    'a promotion',
    /^main never had apps\/images\/production\/web\.json as it would be\.$/,
    (repository) => release(repository, { staging: two, production: three }),
  ],
  [
    'a document besides',
    /^It changes README\.md, which/,
    (repository) => {
      repository.write('README.md', 'Why.\n');
      release(repository, { staging: two, production: one });
    },
  ],
  [
    'code besides',
    /^It changes apps\/service\.ts/,
    (repository) => {
      repository.write('apps/service.ts', '\n');
      release(repository, { staging: two, production: one });
    },
  ],
  [
    'an application of Argo CD',
    /^It changes argocd\/web-production\.yaml/,
    (repository) => {
      release(repository, { staging: two, production: one });
      repository.write('argocd/web-production.yaml', 'kind: Application\n');
    },
  ],
  [
    'another manifest',
    /^manifests\/production\/web\/web\.yaml is not what apps\/ renders/,
    (repository) => {
      release(repository, { staging: two, production: one });
      repository.write(
        'manifests/production/web/web.yaml',
        repository.read('manifests/production/web/web.yaml').replace('replicas: 3', 'replicas: 1'),
      );
    },
  ],
  [
    'a manifest too many',
    /^manifests\/production\/web\/more\.yaml is left over/,
    (repository) => {
      release(repository, { staging: two, production: one });
      repository.write('manifests/production/web/more.yaml', 'kind: Secret\n');
    },
  ],
  [
    'the pin alone',
    /is not what apps\/ renders/,
    (repository) => repository.write(pinPath('production/web'), formatPin(one)),
  ],
  [
    'manifests alone',
    /^It changes no pin\.$/,
    (repository) => repository.write('manifests/production/web/web.yaml', 'kind: Service\n'),
  ],
  [
    "another environment's manifests",
    /^It changes manifests\/staging\/web\/web\.yaml/,
    (repository) => {
      release(repository, { staging: two, production: one });
      repository.write('manifests/staging/web/web.yaml', 'kind: Service\n');
    },
  ],
  [
    'a file that can be run',
    /^manifests\/production\/web\/web\.yaml is not a regular file\.$/,
    (repository) => {
      release(repository, { staging: two, production: one });
      chmodSync(path.join(repository.directory, 'manifests/production/web/web.yaml'), 0o755);
    },
  ],
  [
    'the pin of another environment',
    /^main never had apps\/images\/production\/web\.json/,
    (repository) => {
      release(repository, { staging: three, production: two });
      repository.git('reset', '--quiet', '--soft', 'HEAD~1');
      release(repository, { staging: two, production: three });
    },
  ],
  [
    'a pin that is gone',
    /^It removes apps\/images\/production\/web\.json/,
    (repository) => {
      repository.git('rm', '--quiet', pinPath('production/web'));
      for (const [file, text] of render(project, new Map([['staging/web', two]]))) repository.write(file, text);
    },
  ],
  ['nothing', /^It changes no pin\.$/, () => undefined],
];

test('every other change is more than a rollback, and the sentence says why', async () => {
  const said = await judged(Object.fromEntries(more.map(([name, , change]) => [name, change])));

  for (const [name, why] of more) expect([name, said[name]]).toEqual([name, expect.stringMatching(why)]);
});

test('a rollback keeps a change of configuration that came after the release', async () => {
  const larger = projectWith({ in: { production: { replicas: 5 } } });
  const repository = renderedRepository();
  release(repository, { production: one });
  release(repository, { production: two });
  release(repository, { production: two }, larger);
  const base = repository.git('rev-parse', 'HEAD');
  release(repository, { production: one }, larger);

  expect(await moreThanRollback(repository.directory, base, 'HEAD', larger)).toBeNull();
  expect(await moreThanRollback(repository.directory, base, 'HEAD', project)).toMatch(/is not what apps\/ renders/);
});

test('what is broken in another environment does not make a rollback more than that', async () => {
  const repository = renderedRepository();
  release(repository, { staging: one, production: one });
  release(repository, { staging: two, production: two });
  repository.write(pinPath('staging/web'), 'not JSON');
  repository.write('manifests/staging/web/web.yaml', '\u0000 not YAML: [');
  repository.commit('Break staging');
  const base = repository.git('rev-parse', 'HEAD');
  repository.write(pinPath('production/web'), formatPin(one));
  for (const [file, text] of render(project, new Map([['production/web', one]]))) {
    if (file.startsWith('manifests/production/web/')) repository.write(file, text);
  }
  repository.commit('Roll back');

  expect(await moreThanRollback(repository.directory, base, 'HEAD', project)).toBeNull();
});

test('what only a branch has had is nothing to go back to', async () => {
  const repository = renderedRepository();
  release(repository, { production: one });
  repository.git('checkout', '--quiet', '-b', 'change');
  release(repository, { production: two });
  release(repository, { production: three });
  repository.git('checkout', '--quiet', 'main');
  repository.git('merge', '--quiet', '--no-ff', '--message=Merge', 'change');
  const base = repository.git('rev-parse', 'HEAD');
  release(repository, { production: two });

  expect(await moreThanRollback(repository.directory, base, 'HEAD', project)).toMatch(/^main never had/);
});
