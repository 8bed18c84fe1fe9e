import { expect, test } from 'vitest';
import { contextOf } from '../../cluster/identities.ts';
import { firstOf } from '../../settings/settings.ts';
import { larger, settings } from '../settings/sample.ts';

test('an only cluster is that of the current context, and one of several that which gcloud names', () => {
  expect(contextOf(settings, firstOf(settings.clusters))).toBeNull();
  expect(larger.clusters.map((cluster) => contextOf(larger, cluster))).toEqual([
    'gke_example-project_europe-west1_zerodrop',
    'gke_example-project_us-west1_west',
  ]);
});
