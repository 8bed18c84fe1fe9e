import { expect, test } from 'vitest';
import { contextOf, resolveGoogle } from '../../../settings/google/resolve.ts';
import { firstOf } from '../../../settings/settings.ts';
import { larger, settings } from '../sample.ts';
import { google } from './sample.ts';

test('makes a regional cluster with a highly available Argo CD, unless said', () => {
  expect(resolveGoogle(google)).toMatchObject({
    size: 'production',
    location: 'asia-southeast2',
    zones: 3,
    stateBucket: 'example-project-zerodrop-state',
    nodes: { minimumPerZone: 1, maximumPerZone: 3, spot: false },
    argocd: { highAvailability: true, domain: null },
    deletionProtection: true,
  });
});

test('makes a demo in one zone by one word', () => {
  expect(resolveGoogle({ ...google, size: 'demo' })).toMatchObject({
    location: 'asia-southeast2-b',
    zones: 1,
    nodes: { minimumPerZone: 2 },
    argocd: { highAvailability: false },
  });
  expect(resolveGoogle({ ...google, size: 'demo', zone: 'asia-southeast2-a' }).location).toBe('asia-southeast2-a');
});

test('keeps the rest of a part of which one value is said', () => {
  const resolved = resolveGoogle({
    ...google,
    nodes: { machineType: 'n2-standard-4' },
    network: { pods: '10.0.0.0/14' },
  });
  expect(resolved.nodes).toEqual({
    machineType: 'n2-standard-4',
    minimumPerZone: 1,
    maximumPerZone: 3,
    diskGb: 50,
    spot: false,
  });
  expect(resolved.network).toEqual({ nodes: '10.10.0.0/24', pods: '10.0.0.0/14', services: '10.248.0.0/20' });
});

test('lifts the protection only while everything is taken down', () => {
  expect(resolveGoogle({ ...google, teardown: true }).deletionProtection).toBe(false);
});

test('an only cluster is that of the current context, and one of several that which gcloud names', () => {
  expect(contextOf(settings, firstOf(settings.clusters))).toBeNull();
  expect(larger.clusters.map((cluster) => contextOf(larger, cluster))).toEqual([
    'gke_example-project_europe-west1_zerodrop',
    'gke_example-project_us-west1_west',
  ]);
});
