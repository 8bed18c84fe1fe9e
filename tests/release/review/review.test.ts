import { expect, test } from 'vitest';
import { formatPin, pinPath } from '../../../apps/pins.ts';
import { render } from '../../../apps/render.ts';
import { release } from '../../../release/release.ts';
import { review } from '../../../release/review/review.ts';
import type { EnvironmentSettings, Settings } from '../../../settings/settings.ts';
import { environment, settings } from '../../settings/sample.ts';
import { renderedRepository, type Repository } from '../repository.ts';

const image = { repository: settings.image, tag: '1.2.3', digest: `sha256:${'0'.repeat(64)}` };

function staging(changes: Partial<EnvironmentSettings>): Settings {
  const { environments } = settings;
  return {
    ...settings,
    environments: { ...environments, staging: { ...environment, namespace: 'web-staging', ...changes } },
  };
}

async function released(repository: Repository, owned: Settings, tag: string, allowed = false): Promise<void> {
  const allowance = allowed ? ({ rules: ['max-unavailable'], because: 'a test' } as const) : null;
  const request = { environment: 'staging', image: { ...image, tag }, source: 'a'.repeat(40), allowance };
  const outcome = await release({ ...request, directory: repository.directory }, { settings: owned });
  if (outcome.kind !== 'committed') throw new Error(`The release of ${tag} ended ${outcome.kind}.`);
}

/** Renders other settings for what runs, as a person would before a pull request, and commits. */
function changed(repository: Repository, owned: Settings, message: string, tag = '1.2.3'): void {
  const pin = { image: `${image.repository}:${tag}@${image.digest}`, source: 'a'.repeat(40) };
  repository.write(pinPath('staging'), formatPin(pin));
  for (const [path, text] of render(owned, new Map([['staging', pin]]))) repository.write(path, text);
  repository.commit(message);
}

test('lets a release pass, and its revert', async () => {
  const repository = renderedRepository();
  await released(repository, settings, '1.2.3');
  await released(repository, settings, '1.2.4');
  expect(await review(repository.directory, 'HEAD^')).toEqual({ standing: [], allowed: [], notes: [] });
  repository.git('revert', '--no-edit', 'HEAD');
  expect(await review(repository.directory, 'HEAD^')).toEqual({ standing: [], allowed: [], notes: [] });
});

test('lets the revert of a release pass that was allowed to break a rule', async () => {
  const risky = staging({ unchecked: { because: 'a test', maxUnavailable: 1 } });
  const repository = renderedRepository(risky);
  await released(repository, risky, '1.2.3', true);
  await released(repository, risky, '1.2.4', true);
  const reviewed = await review(repository.directory, 'HEAD^');
  expect(reviewed.standing).toEqual([]);
  expect(reviewed.allowed.map(({ rule, allowance }) => [rule, allowance.because])).toEqual([
    ['max-unavailable', 'a test'],
  ]);
  repository.git('revert', '--no-edit', 'HEAD');
  expect(await review(repository.directory, 'HEAD^')).toEqual({ standing: [], allowed: [], notes: [] });
});

test('refuses what a person changes, and not what main has done since', async () => {
  const repository = renderedRepository();
  await released(repository, settings, '1.2.3');
  repository.git('checkout', '--quiet', '-b', 'change');
  changed(repository, staging({ exposure: 'node-port' }), 'Expose it otherwise');
  repository.git('checkout', '--quiet', 'main');
  await released(repository, settings, '1.2.4');
  repository.git('checkout', '--quiet', 'change');
  const { standing } = await review(repository.directory, 'main');
  expect(standing.map(({ rule, path }) => [rule, path])).toEqual([
    ['service-type-changed', 'manifests/staging/web.yaml'],
  ]);
});

test('lets a commit of the branch allow a rule, with its reason', async () => {
  const repository = renderedRepository();
  await released(repository, settings, '1.2.3');
  const main = repository.git('rev-parse', 'HEAD');
  const message =
    'Expose it otherwise\n\nGuard-Allowed: service-type-changed: nobody calls staging\nGuard-Allowed: replica-lost: a typo';
  changed(repository, staging({ exposure: 'node-port' }), message);
  repository.commit('One more commit');
  const commit = repository.git('rev-parse', '--short', 'HEAD^');
  expect(await review(repository.directory, main)).toEqual({
    standing: [],
    allowed: [
      expect.objectContaining({
        rule: 'service-type-changed',
        allowance: { rule: 'service-type-changed', because: 'nobody calls staging', commit },
      }),
    ],
    notes: [`The trailer "Guard-Allowed: replica-lost: a typo" of ${commit} allows nothing: replica-lost is no rule.`],
  });
});

test('reads what is committed, and nothing of the working tree', async () => {
  const repository = renderedRepository();
  repository.commit('Nothing');
  repository.write('manifests/staging/web.yaml', 'a: [1\n');
  expect(await review(repository.directory, 'HEAD^')).toEqual({ standing: [], allowed: [], notes: [] });
});
