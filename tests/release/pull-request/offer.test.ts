import { expect, test } from 'vitest';
import { closePullRequest, openPullRequest } from '../../../release/pull-request/offer.ts';
import { gitHubServer } from './github-server.ts';

const words = { title: 'Promote web 1 to production', body: 'old' };
const address = 'https://github.com/example/zerodrop/pull/1';

test('opens one, and rewrites it from then on', async () => {
  const { github, pullRequests, asked } = await gitHubServer();
  expect(await openPullRequest(github, 'promote/production', words)).toBe(address);
  expect(
    await openPullRequest(github, 'promote/production', { title: 'Promote web 2 to production', body: 'new' }),
  ).toBe(address);
  expect(pullRequests).toEqual([
    { number: 1, head: 'promote/production', title: 'Promote web 2 to production', body: 'new', state: 'open' },
  ]);
  expect(asked[0]).toBe(
    'GET /repos/example/zerodrop/pulls?state=open&base=main&head=example%3Apromote%2Fproduction Bearer secret-token',
  );
});

test('two runs at once open one', async () => {
  const { github, pullRequests } = await gitHubServer();
  const run = (): Promise<string> => openPullRequest(github, 'promote/production', words);
  expect(await Promise.all([run(), run(), run()])).toEqual([address, address, address]);
  expect(pullRequests).toHaveLength(1);
});

test('closes the one that is open, and opens the next', async () => {
  const { github, pullRequests } = await gitHubServer();
  await openPullRequest(github, 'promote/production', words);
  expect(await closePullRequest(github, 'promote/production')).toBe(address);
  expect(await closePullRequest(github, 'promote/production')).toBeNull();
  expect(await openPullRequest(github, 'promote/production', words)).toBe(address.replace(/1$/, '2'));
  expect(pullRequests.map(({ state }) => state)).toEqual(['closed', 'open']);
});
