import { expect, test } from 'vitest';
import { draftPromotion } from '../../release/promote/promotion.ts';
import { publish } from '../../release/publish/publish.ts';
import { preview } from '../../release/pull-request/offer.ts';
import { draftRollback, rollBack } from '../../release/rollback/rollback.ts';
import { larger, projectWith } from '../settings/sample.ts';
import { commitRelease, pushSource, remoteOf, request, surroundings, noReceipts } from './remote.ts';
import { renderedRepository } from './repository.ts';

const apiImage = 'europe-docker.pkg.dev/example-project/zerodrop/api';
const remote = () => remoteOf(renderedRepository(projectWith({}, larger)));

test('a release of one service touches no file of another', async () => {
  const origin = remote();
  const clone = origin.clone();
  const source = pushSource(clone, 'Answer faster');
  const asked = request('1.2.3', source, { service: 'api' });
  const published = await publish({ ...asked, image: { ...asked.image, repository: apiImage } }, surroundings(clone));

  expect(published).toMatchObject({ kind: 'published' });
  expect(
    origin
      .git('show', '--name-only', '--format=%s', 'main')
      .split('\n')
      .filter((line) => line !== ''),
  ).toEqual(['Release api 1.2.3 to staging', 'apps/images/staging/api.json', 'manifests/staging/api/api.yaml']);
  expect(origin.git('log', '-1', '--format=%(trailers:key=Service,valueonly)', 'main').trim()).toBe('api');
});

test('a file of one service that is broken holds up no release of another', async () => {
  const origin = remote();
  const clone = origin.clone();
  clone.write('apps/services/api.ts', 'export default {');
  const source = pushSource(clone, 'Break api');
  expect(await publish(request('1.2.3', source, { service: 'web' }), surroundings(clone))).toMatchObject({
    kind: 'published',
  });
});

test('a service has to be named where there are several, and has to be one of them', async () => {
  const clone = remote().clone();
  const source = pushSource(clone, 'Answer faster');
  await expect(publish(request('1.2.3', source), surroundings(clone))).rejects.toThrow(
    '--service is missing, but settings.ts has web, api.',
  );
  await expect(publish(request('1.2.3', source, { service: 'ap' }), surroundings(clone))).rejects.toThrow(
    '--service is "ap", but settings.ts has web, api.',
  );
});

test('a rollback takes back the release of its service alone, whatever was released beside it', async () => {
  const origin = remote();
  const clone = origin.clone();
  await commitRelease(clone, '1.0.0', 'staging', 'api');
  await commitRelease(clone, '2.0.0', 'staging', 'api');
  await commitRelease(clone, '9.0.0', 'staging', 'web');
  clone.git('push', '--quiet', 'origin', 'HEAD:main');

  const asked = { environment: 'staging', release: null, allowance: null };
  expect(await rollBack({ ...asked, service: 'api' }, surroundings(clone))).toMatchObject({ kind: 'rolled-back' });
  expect(origin.git('show', 'main:apps/images/staging/api.json')).toContain(':1.0.0@');
  expect(origin.git('show', 'main:apps/images/staging/web.json')).toContain(':9.0.0@');
  await expect(rollBack(asked, surroundings(clone))).rejects.toThrow(
    '--service is missing, but settings.ts has web, api.',
  );
});

test('the words of a rollback name its service, and not the first of the settings', async () => {
  const clone = remote().clone();
  await commitRelease(clone, '1.0.0', 'staging', 'api');
  await commitRelease(clone, '2.0.0', 'staging', 'api');
  clone.git('push', '--quiet', 'origin', 'HEAD:main');
  const asked = { environment: 'staging', service: 'api', release: null, allowance: null };
  const made = surroundings(clone);
  expect(await preview(draftRollback.bind(null, asked, made), made)).toMatchObject({
    kind: 'draft',
    title: 'Roll staging back to api 1.0.0',
  });
});

test('a rollback asks the pins for the service where the settings are broken', async () => {
  const origin = remote();
  const clone = origin.clone();
  await commitRelease(clone, '1.0.0', 'staging', 'api');
  await commitRelease(clone, '2.0.0', 'staging', 'api');
  clone.write('settings.ts', 'export const settings = {');
  clone.commit('Break the settings');
  clone.git('push', '--quiet', 'origin', 'HEAD:main');

  const asked = { environment: 'staging', release: null, allowance: null };
  expect(await rollBack(asked, surroundings(clone))).toMatchObject({ kind: 'rolled-back' });
  expect(origin.git('show', 'main:apps/images/staging/api.json')).toContain(':1.0.0@');
});

test('a promotion carries one service to the next environment of the chain', async () => {
  const clone = remote().clone();
  await commitRelease(clone, '1.0.0', 'staging', 'api');
  clone.git('push', '--quiet', 'origin', 'HEAD:main');
  const asked = {
    service: 'api',
    from: 'staging',
    to: 'preview',
    commit: null,
    again: false,
    allowance: null,
    ...noReceipts,
  };
  const made = surroundings(clone);
  expect(await preview((tree) => draftPromotion(asked, made, tree), made)).toMatchObject({
    kind: 'draft',
    title: 'Promote api 1.0.0 to preview',
    changed: ['apps/images/preview/api.json', 'manifests/preview/api/api.yaml'],
  });
});
