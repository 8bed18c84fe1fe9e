import { expect, test } from 'vitest';
import { email } from '../../cluster/identities.ts';
import { names } from '../../pipeline/names.ts';
import { resolveGoogle } from '../../settings/google/resolve.ts';
import { firstOf } from '../../settings/settings.ts';
import { settings } from '../settings/sample.ts';

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

test('the registry is the host of the image', () => {
  const moved = {
    ...settings,
    services: [{ name: 'cart', image: 'europe-west1-docker.pkg.dev/a-project/shop/cart' }],
  };

  expect(names(moved)).toMatchObject({ registry: 'europe-west1-docker.pkg.dev' });
});
