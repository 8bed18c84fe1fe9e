import { expect, test } from 'vitest';
import { release } from '../../../release/release.ts';
import { readExpected } from '../../../release/verify/expected.ts';
import { settings } from '../../settings/sample.ts';
import { renderedRepository } from '../repository.ts';

test('reads what a commit is to bring, and that there is nothing before the first release', async () => {
  const repository = renderedRepository();
  const { directory } = repository;
  expect(await readExpected(directory, 'staging', 'web', 'HEAD')).toBeNull();
  const image = { repository: settings.image, tag: '1.2.3', digest: `sha256:${'0'.repeat(64)}` };
  const source = repository.git('rev-parse', 'HEAD');
  await release({ environment: 'staging', image, source, allowance: null, directory }, { settings });
  const pinned = `${settings.image}:1.2.3@${image.digest}`;
  const commit = repository.git('rev-parse', 'HEAD');
  expect(await readExpected(directory, 'staging', 'web', commit)).toEqual({
    commit,
    image: pinned,
    pin: { image: pinned, source },
    manifests: repository.git('rev-parse', 'HEAD:manifests/staging'),
    // 120 s for the next pod, 20 s for the last old one to end, and a minute.
    patienceMs: 200_000,
  });
  expect(await readExpected(directory, 'staging', 'web', 'HEAD^')).toBeNull();
});
