import { expect, test } from 'vitest';
import { formatPin, pinPath } from '../../apps/pins.ts';
import { isReleased } from '../../pipeline/releases.ts';
import { emptyRepository } from '../release/repository.ts';

const image = `registry.example.com/web:1.0.0@sha256:${'0'.repeat(64)}`;

test('a source is released where the environment runs it, or a newer one that has it', async () => {
  const repository = emptyRepository();
  const commits = ['one', 'two', 'three'].map((subject) => {
    repository.commit(subject);
    return repository.git('rev-parse', 'HEAD');
  });
  const [older = '', pinned = '', newer = ''] = commits;
  const released = (source: string) => isReleased(repository.directory, 'staging/web', source);

  expect(await released(pinned)).toBe(false);
  repository.write(pinPath('staging/web'), formatPin({ image, source: pinned }));

  expect(await Promise.all([older, pinned, newer].map((source) => released(source)))).toEqual([true, true, false]);
});

test('a source is not released where nobody can tell what runs', async () => {
  const repository = emptyRepository();
  repository.commit('one');
  repository.write(pinPath('staging/web'), formatPin({ image, source: 'f'.repeat(40) }));

  expect(await isReleased(repository.directory, 'staging/web', repository.git('rev-parse', 'HEAD'))).toBe(false);
});
