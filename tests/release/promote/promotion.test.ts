import { expect, test } from 'vitest';
import { draftPromotion, promotionBranch, type PromotionRequest, stepsOf } from '../../../release/promote/promotion.ts';
import { publish } from '../../../release/publish/publish.ts';
import type { Surroundings } from '../../../release/publish/race.ts';
import { offer, preview, renew } from '../../../release/pull-request/offer.ts';
import { rollBack } from '../../../release/rollback/rollback.ts';
import type { Settings } from '../../../settings/settings.ts';
import { larger, projectWith, settings } from '../../settings/sample.ts';
import { gitHubServer } from '../pull-request/github-server.ts';
import { commitRelease, pushSource, type Remote, remoteOf, request, surroundings, noReceipts } from '../remote.ts';
import { renderedRepository, type Repository } from '../repository.ts';

const branch = promotionBranch('web', 'production');
const promotion = { from: 'staging', to: 'production', commit: null, again: false, allowance: null, ...noReceipts };
const draft = (where: Surroundings) => draftPromotion.bind(null, promotion, where);

/** Returns the source of the release, and the commit on main that pins it. */
async function releaseNext(
  clone: Repository,
  tag: string,
): Promise<{ readonly source: string; readonly commit: string }> {
  clone.git('pull', '--quiet', '--rebase', 'origin', 'main');
  const { source } = await commitRelease(clone, tag);
  clone.git('push', '--quiet', 'origin', 'main');
  return { source, commit: clone.head() };
}

/** Merges the promotion as a squash, with a subject of a person's own. */
function mergePromotion(clone: Repository): void {
  clone.git('pull', '--quiet', '--rebase', 'origin', 'main');
  clone.git('fetch', '--quiet', 'origin', branch);
  clone.git('merge', '--quiet', '--squash', 'FETCH_HEAD');
  clone.commit('Ship it (#1)');
  clone.git('push', '--quiet', 'origin', 'main');
}

const branches = (remote: Remote): string => remote.git('for-each-ref', '--format=%(refname:short)', 'refs/heads');

test('shows what would be offered, and pushes nothing', async () => {
  const remote = remoteOf();
  const clone = remote.clone();
  await releaseNext(clone, '1.0.0');
  const made = await preview(draft(surroundings(clone)), surroundings(clone));
  expect(made).toMatchObject({ kind: 'draft', title: 'Promote web 1.0.0 to production' });
  expect(made).toHaveProperty('body', expect.stringContaining('This is the first release: all of them.'));
  expect(branches(remote)).toBe('main');
});

test('offers each release in the same pull request, until it is merged', async () => {
  const remote = remoteOf();
  const clone = remote.clone();
  const { github, pullRequests } = await gitHubServer();
  const offerIt = () => offer(branch, draft(surroundings(clone)), github, surroundings(clone));
  const url = 'https://github.com/example/zerodrop/pull/1';
  const first = await releaseNext(clone, '1.0.0');
  expect(await offerIt()).toEqual({ kind: 'offered', url });
  const offered = remote.git('rev-parse', branch);
  expect(remote.git('diff', '--name-only', 'main', branch)).toBe(
    'apps/images/production/web.json\nmanifests/production/web/web.yaml',
  );
  expect(remote.git('show', `${branch}:apps/images/production/web.json`)).toBe(
    remote.git('show', 'main:apps/images/staging/web.json'),
  );

  // The same once more leaves the branch alone, with its checks and approvals, also when main has moved on.
  pushSource(clone, 'Something else');
  expect(await offerIt()).toEqual({ kind: 'offered', url });
  expect(remote.git('rev-parse', branch)).toBe(offered);

  const second = await releaseNext(clone, '2.0.0');
  expect(await offerIt()).toEqual({ kind: 'offered', url });
  expect(remote.git('log', '-1', '--format=%s', branch)).toBe('Release web 2.0.0 to production');
  expect(pullRequests).toMatchObject([{ title: 'Promote web 2.0.0 to production', state: 'open' }]);

  const older = draftPromotion.bind(null, { ...promotion, commit: first.commit }, surroundings(clone));
  expect(await offer(branch, older, github, surroundings(clone))).toMatchObject({
    because: { kind: 'moved-on', pinned: { source: second.source } },
    url: null,
  });
  expect(pullRequests).toMatchObject([{ title: 'Promote web 2.0.0 to production', state: 'open' }]);

  mergePromotion(clone);
  expect(await offerIt()).toMatchObject({ kind: 'withdrawn', because: { kind: 'unchanged' } });
  await releaseNext(clone, '3.0.0');
  await offerIt();
  const { body = '' } = pullRequests.at(-1) ?? {};
  expect(body).toMatch(/### Commits that come\n\n```text\n\w+ Change for 3\.0\.0\n```/);
  expect(body).toMatch(/```diff\n(?:.*\n)+-.*image: .+:2\.0\.0@.+\n\+.*image: .+:3\.0\.0@/);
  expect(body).toContain('Nothing against it.');
});

test('offers the same release anew where another one has come to production meanwhile', async () => {
  const remote = remoteOf();
  const clone = remote.clone();
  const { github, pullRequests } = await gitHubServer(remote);
  const offerIt = () => offer(branch, draft(surroundings(clone)), github, surroundings(clone));
  await releaseNext(clone, '1.0.0');
  await offerIt();
  mergePromotion(clone);
  const { source } = await releaseNext(clone, '2.0.0');
  await releaseNext(clone, '3.0.0');
  await offerIt();
  await publish(request('2.0.0', source, { environment: 'production' }), surroundings(clone));
  await offerIt();
  expect(pullRequests.at(-1)).toMatchObject({ title: 'Promote web 3.0.0 to production', state: 'open' });
  mergePromotion(clone);
  expect(remote.git('show', 'main:apps/images/production/web.json')).toContain(':3.0.0@');
});

test('withdraws what staging gave up, and does not offer what production took back', async () => {
  const remote = remoteOf();
  const clone = remote.clone();
  const { github, pullRequests } = await gitHubServer();
  const offerIt = () => offer(branch, draft(surroundings(clone)), github, surroundings(clone));
  await releaseNext(clone, '1.0.0');
  await offerIt();
  mergePromotion(clone);
  await releaseNext(clone, '2.0.0');
  await offerIt();
  await rollBack({ environment: 'staging', release: null, allowance: null }, surroundings(clone));
  const renewIt = () => renew(branch, draft(surroundings(clone)), github, surroundings(clone));
  expect(await renewIt()).toMatchObject({ kind: 'withdrawn', because: { kind: 'unchanged' } });
  expect(await renewIt()).toBeNull();
  expect(pullRequests.at(-1)).toMatchObject({ title: 'Promote web 2.0.0 to production', state: 'closed' });

  await releaseNext(clone, '3.0.0');
  await offerIt();
  mergePromotion(clone);
  await rollBack({ environment: 'production', release: null, allowance: null }, surroundings(clone));
  expect(await offerIt()).toMatchObject({ kind: 'withdrawn', because: { kind: 'rolled-back' } });
});

test('says what can’t be promoted', async () => {
  const clone = remoteOf().clone();
  const where = surroundings(clone);
  await expect(preview(draft(where), where)).rejects.toThrow('staging runs no release, so there is none to promote');
  const nowhere = draftPromotion.bind(null, { ...promotion, commit: 'a'.repeat(40) }, where);
  await releaseNext(clone, '1.0.0');
  await expect(preview(nowhere, where)).rejects.toThrow(
    '--commit is aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, where staging runs no release',
  );
  const unknown = draftPromotion.bind(null, { ...promotion, to: 'live' }, where);
  await expect(preview(unknown, where)).rejects.toThrow('--to is "live", but settings.ts has staging, production.');
});

const forked = { environments: [...larger.environments, { name: 'eu', after: 'staging' }, { name: 'demo' }] };

test.each([
  ['staging', undefined, ['staging to preview', 'staging to eu']],
  ['preview', undefined, ['preview to production']],
  ['production', undefined, []],
  [undefined, 'production', ['preview to production']],
  ['staging', 'production', ['staging to production']],
])('from %s to %s are the steps %j of a chain', (from, to, expected) => {
  expect(stepsOf(from, to, forked).map((step) => `${step.from} to ${step.to}`)).toEqual(expected);
});

test('the only step needs no name', () => {
  expect(stepsOf(undefined, undefined, settings)).toEqual([{ from: 'staging', to: 'production' }]);
});

test.each([
  [
    undefined,
    undefined,
    forked,
    '--from is missing, and settings.ts has several steps: staging to preview, preview to production, staging to eu.',
  ],
  [
    undefined,
    undefined,
    { environments: [{ name: 'demo' }] },
    '--from and --to are missing, and in settings.ts no environment comes after another.',
  ],
  [undefined, 'demo', forked, '--to is demo, which comes after no environment in settings.ts'],
  ['demo', 'demo', forked, '--from and --to are both demo.'],
])('from %s to %s is no step', (from, to, owned, sentence) => {
  expect(() => stepsOf(from, to, owned)).toThrow(sentence);
});

test('wants a receipt where the settings require one, and says in the pull request that there is one', async () => {
  const required: Settings = {
    ...settings,
    environments: [
      { name: 'staging', receipts: { rate: 5, required: true } },
      { name: 'production', after: 'staging' },
    ],
  };
  const owned = projectWith({ url: 'https://staging.example.com' }, required);
  const remote = remoteOf(renderedRepository(owned));
  const clone = remote.clone();
  await releaseNext(clone, '1.0.0');
  const { image } = JSON.parse(remote.git('show', 'main:apps/images/staging/web.json')) as { image: string };
  const receipt = { rollout: 'web-staging', environment: 'staging', image, sent: 9, window: { from: '', to: '' } };
  const made = async (verdict: 'lossless' | 'lossy' | null, other: Partial<PromotionRequest> = {}) => {
    const asked: string[] = [];
    const receipts = async (digest: string) => {
      asked.push(digest);
      const figures = { lost: 1, lostByCause: {}, lostBefore: 0, latencyMs: { p50: 1, p99: 1 }, reasons: [] };
      const about = { revision: null, url: '', rate: 5, ...figures, ...receipt };
      return verdict === null ? [] : [{ receipt: { ...about, verdict }, doubt: null }];
    };
    const where = surroundings(clone);
    const draftIt = draftPromotion.bind(null, { ...promotion, receipts, ...other }, where);
    return { asked, ...(await preview(draftIt, where)) };
  };
  expect(await made('lossless')).toMatchObject({
    kind: 'draft',
    asked: [image.slice(image.indexOf('@') + 1)],
    body: expect.stringContaining('as staging runs it. Its receipt there says that no request was lost.'),
  });
  const refused = { kind: 'no-receipt', leavesOpen: true };
  expect(await made('lossy')).toMatchObject({ ...refused, problem: expect.stringContaining('1 of 9 requests lost') });
  expect(await made(null)).toMatchObject({ ...refused, problem: expect.stringContaining('there is none of sha256:') });
  expect(await made(null, { withoutReceipt: 'Argo CD was faster' })).toMatchObject({
    kind: 'draft',
    asked: [],
    body: expect.stringContaining('**No receipt was asked for**, which staging requires: Argo CD was faster'),
  });
});
