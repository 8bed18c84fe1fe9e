import { expect, test } from 'vitest';
import { publishCommand, publishReport } from '../../release/commands/publish.ts';
import { draftPromotion } from '../../release/promote/promotion.ts';
import { publish, publishHere } from '../../release/publish/publish.ts';
import { offer } from '../../release/pull-request/offer.ts';
import { rollBack } from '../../release/rollback/rollback.ts';
import { projectWith, settings } from '../settings/sample.ts';
import { gitHubServer } from './pull-request/github-server.ts';
import { commitRelease, pushSource, remoteOf, request, surroundings, noReceipts } from './remote.ts';
import { renderedRepository } from './repository.ts';

const freeze = { until: '2026-12-28T08:00:00+07:00', because: 'the sale of the year' };
const end = Date.parse(freeze.until);
const environments = settings.environments.map((one) => ({ ...one, frozen: freeze }));
const frozen = projectWith({}, { ...settings, environments });

test('a release waits, and a rollback passes', async () => {
  const remote = remoteOf(renderedRepository(frozen));
  const clone = remote.clone();
  const source = pushSource(clone, 'Answer faster');
  const during = surroundings(clone, { dateMs: () => end - 1 });
  const before = remote.git('rev-parse', 'main');

  expect(await publish(request('1.0.0', source), during)).toEqual({ kind: 'frozen', freeze });
  expect(await publishHere(request('1.0.0', source), during)).toEqual({ kind: 'frozen', freeze });
  expect([remote.git('rev-parse', 'main'), clone.head()]).toEqual([before, source]);
  const after = surroundings(clone, { dateMs: () => end });
  const published = await publish(request('1.0.0', source), after);
  expect(published).toMatchObject({ kind: 'published' });
  // What is there already is no release: a run that is repeated goes on to watch it.
  expect(await publish(request('1.0.0', source), during)).toMatchObject({ kind: 'unchanged' });

  const next = pushNext(clone);
  await publish(request('2.0.0', next), after);
  const back = { environment: 'staging', release: null, allowance: null };
  expect(await rollBack(back, during)).toMatchObject({ kind: 'rolled-back' });
  expect(remote.git('show', 'main:apps/images/staging/web.json')).toContain(':1.0.0@');
});

function pushNext(clone: ReturnType<ReturnType<typeof remoteOf>['clone']>): string {
  clone.git('pull', '--quiet', '--rebase', 'origin', 'main');
  return pushSource(clone, 'Answer well');
}

test('a rehearsal goes on', async () => {
  const clone = remoteOf(renderedRepository(frozen)).clone();
  const source = pushSource(clone, 'Answer faster');
  const asked = request('1.0.0', source, { despiteFreeze: true });
  expect(await publishHere(asked, surroundings(clone, { dateMs: () => end - 1 }))).toMatchObject({ kind: 'published' });
});

test('a promotion waits, and one that is open stays so', async () => {
  const remote = remoteOf(renderedRepository(frozen));
  const clone = remote.clone();
  await commitRelease(clone, '1.0.0');
  clone.git('push', '--quiet', 'origin', 'main');
  const { github, pullRequests } = await gitHubServer();
  const promotion = { from: 'staging', to: 'production', commit: null, again: false, allowance: null, ...noReceipts };
  const offered = (dateMs: number) => {
    const where = surroundings(clone, { dateMs: () => dateMs });
    return offer('promote/web-production', draftPromotion.bind(null, promotion, where), github, where);
  };
  expect(await offered(end - 1)).toMatchObject({ because: { kind: 'frozen', freeze }, url: null });
  expect(pullRequests).toEqual([]);
  expect(await offered(end)).toMatchObject({ kind: 'offered' });
  expect(await offered(end - 1)).toMatchObject({ because: { kind: 'frozen' }, url: null });
  expect(pullRequests).toMatchObject([{ state: 'open' }]);
});

test('ends with a code of its own, and says until when and why', async () => {
  expect(publishReport('production', { kind: 'frozen', freeze })).toEqual({
    stdout: '',
    stderr:
      'frozen: production is frozen until 2026-12-28T08:00:00+07:00: the sale of the year. Nothing is changed: run this again then. To release before, merge a change of settings.ts that removes the freeze. Rollbacks go on as ever.\n',
    exitCode: 5,
  });
  const args = ['--environment', 'staging', '--image', `web:1@sha256:${'0'.repeat(64)}`, '--source', 'a'.repeat(40)];
  await expect(publishCommand([...args, '--despite-freeze'], new AbortController().signal)).rejects.toThrow(
    '--despite-freeze is for a commit that nobody pushes: add --no-push.',
  );
});
