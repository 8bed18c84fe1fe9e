import { expect, test } from 'vitest';
import { formatPin, pinPath } from '../../apps/pins.ts';
import { frozenNow, frozenProblems } from '../../pipeline/releases.ts';
import type { Settings } from '../../settings/settings.ts';
import { emptyRepository, type Repository } from '../release/repository.ts';
import { settings } from '../settings/sample.ts';

const freeze = { until: '2026-12-28T08:00:00+07:00', because: 'the sale of the year' };
const environments = [{ name: 'staging' }, { name: 'production', after: 'staging', frozen: freeze }];
const frozen: Settings = { ...settings, environments };
const before = Date.UTC(2026, 11, 24);
const manifest = 'manifests/production/web/web.yaml';

function release(repository: Repository, environment: string, version: number, config = ''): void {
  const pin = { image: `web:${version}`, source: String(version).repeat(40) };
  repository.write(pinPath(`${environment}/web`), formatPin(pin));
  repository.write(`manifests/${environment}/web/web.yaml`, `image: ${version}\n${config}`);
  repository.commit(`Release ${version} to ${environment}`);
}

test('holds what rolls a frozen environment out anew, and lets a rollback pass', async () => {
  const repository = emptyRepository();
  release(repository, 'production', 1);
  release(repository, 'production', 2);
  repository.write(manifest, 'image: 2\nreplicas: 3\n');
  repository.commit('Configure');
  const base = repository.head();
  const problems = async (change: () => void, nowMs = before): Promise<readonly string[]> => {
    repository.git('reset', '--quiet', '--hard', base);
    change();
    repository.commit('Change');
    return frozenProblems(repository.directory, base, repository.head(), frozen, nowMs);
  };
  const held = [
    'production is frozen until 2026-12-28T08:00:00+07:00: the sale of the year. This change releases web there. Merge it then, after its checks have run again. To release before, merge a change of settings.ts that removes the freeze.',
  ];

  expect(await problems(() => release(repository, 'production', 3))).toEqual(held);
  expect(await problems(() => release(repository, 'production', 3), Date.parse(freeze.until))).toEqual([]);
  // A change of configuration rolls pods as well; its revert goes back.
  expect(await problems(() => repository.write(manifest, 'image: 2\nreplicas: 5\n'))).toEqual(held);
  expect(await problems(() => repository.write(manifest, 'image: 2\n'))).toEqual([]);
  expect(await problems(() => release(repository, 'production', 1))).toEqual([]);
  // Rolled back on the newer configuration: such manifests were never there, but the pin was.
  expect(await problems(() => release(repository, 'production', 1, 'replicas: 3\n'))).toEqual([]);
  expect(await problems(() => release(repository, 'staging', 3))).toEqual([]);
  expect(await problems(() => repository.write('settings.ts', 'thawed'))).toEqual([]);
  expect(await problems(() => repository.git('rm', '--quiet', pinPath('production/web')))).toEqual(held);
});

test('knows what is frozen at a moment', () => {
  expect(frozenNow(frozen, before)).toEqual([{ environment: 'production', freeze }]);
  expect(frozenNow(frozen, Date.parse(freeze.until))).toEqual([]);
});
