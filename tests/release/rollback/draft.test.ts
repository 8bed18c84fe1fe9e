import { expect, test } from 'vitest';
import { closePullRequest, offer, preview } from '../../../release/pull-request/offer.ts';
import { draftRollback, findTarget, rollbackBranch } from '../../../release/rollback/rollback.ts';
import { gitHubServer } from '../pull-request/github-server.ts';
import { commitRelease, remoteOf, surroundings } from '../remote.ts';
import type { Repository } from '../repository.ts';

const branch = rollbackBranch('staging/web');

/** Merges the branch as the button at GitHub does, and leaves it there. */
function merge(clone: Repository, how: '--no-ff' | '--squash'): void {
  clone.git('pull', '--quiet', '--rebase', 'origin', 'main');
  clone.git('fetch', '--quiet', 'origin', branch);
  clone.git('merge', '--quiet', '--no-commit', how, 'FETCH_HEAD');
  clone.commit('Go back (#1)');
  clone.git('push', '--quiet', 'origin', 'main');
}

// Both bring the environment to the same release, so that the second brings what the old branch has already.
test.each(['--no-ff', '--squash'] as const)('rolls back twice by one branch, merged with %s', async (how) => {
  const remote = remoteOf();
  const clone = remote.clone();
  const { github, pullRequests } = await gitHubServer(remote);
  const where = surroundings(clone);
  const rollback = { environment: 'staging', release: null, allowance: null };
  await commitRelease(clone, '1.0.0');
  for (const tag of ['2.0.0', '3.0.0']) {
    await commitRelease(clone, tag);
    clone.git('push', '--quiet', 'origin', 'main');
    await offer(branch, draftRollback.bind(null, rollback, where), github, where);
    merge(clone, how);
    await closePullRequest(github, branch);
    expect(remote.git('show', 'main:apps/images/staging/web.json')).toContain(':1.0.0@');
  }
  expect(pullRequests.map(({ title }) => title)).toEqual(Array(2).fill('Roll staging back to web 1.0.0'));
});

test('offers a rollback of a main whose settings are broken', async () => {
  const clone = remoteOf().clone();
  await commitRelease(clone, '1.0.0');
  await commitRelease(clone, '2.0.0');
  clone.write('settings.ts', 'not even TypeScript {');
  clone.commit('Break the settings');
  clone.git('push', '--quiet', 'origin', 'main');
  const where = surroundings(clone);
  const rollback = { environment: 'staging', release: null, allowance: null };
  expect(await preview(draftRollback.bind(null, rollback, where), where)).toMatchObject({
    kind: 'draft',
    title: 'Roll staging back to web 1.0.0',
  });
});

test('the branch is the same whether the service is typed or found, also where the settings are broken', async () => {
  const remote = remoteOf();
  const clone = remote.clone();
  await commitRelease(clone, '1.0.0');
  clone.git('push', '--quiet', 'origin', 'main');
  const found = () => findTarget({ environment: 'staging' }, surroundings(clone));
  expect(await found()).toBe('staging/web');
  clone.write('settings.ts', 'not even TypeScript {');
  clone.commit('Break the settings');
  clone.git('push', '--quiet', 'origin', 'main');
  expect(await found()).toBe('staging/web');
  expect(await findTarget({ environment: 'staging', service: 'web' }, surroundings(clone))).toBe('staging/web');
  expect(branch).toBe('roll-back/web-staging');
});
