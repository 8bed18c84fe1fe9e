import { expect, test } from 'vitest';
import { email } from '../../cluster/identities.ts';
import { names } from '../../pipeline/names.ts';
import { resolveGoogle } from '../../settings/google/resolve.ts';
import { firstOf } from '../../settings/settings.ts';
import { larger, settings } from '../settings/sample.ts';

test('identities, cluster and bucket are those that cluster/ makes', () => {
  const google = resolveGoogle(firstOf(settings.clusters).google);

  expect(names(settings)).toMatchObject({
    push: email(google, 'push'),
    verify: email(google, 'verify'),
    cluster: google.name,
    location: google.location,
    'state-bucket': google.stateBucket,
  });
});

test('an environment has the cluster that it is on', () => {
  expect(names(larger, 'production')).toMatchObject({ cluster: 'west', location: 'us-west1' });
  expect(names(larger, 'staging')).toMatchObject({ cluster: 'zerodrop', location: 'europe-west1' });
  expect(names(larger)).toEqual(names(larger, 'staging'));
  expect(names(settings, 'production')).toEqual(names(settings));
});
