import { expect, test } from 'vitest';
import { exposedBy, inPlace } from '../../../rehearsal/context/settings.ts';
import { settings } from '../../settings/sample.ts';

const place = {
  namespace: 'web-rehearsal-k3f9ab',
  repository: 'http://127.0.0.1:4000/web-rehearsal-k3f9ab.git',
  image: '127.0.0.1:5000/web-rehearsal',
  expose: 'node-port',
} as const;

test('repository, image, namespace and exposure are the play own, and all else is as rehearsed', () => {
  const environment = { namespace: 'web-staging', replicas: 5, exposure: 'load-balancer', maxSurge: 2 } as const;
  const rehearsed = { name: 'staging', environment, settings };
  const own = { ...environment, namespace: place.namespace, exposure: 'node-port' };

  expect(inPlace(rehearsed, place)).toEqual({
    name: 'staging',
    environment: own,
    settings: { ...settings, repository: place.repository, image: place.image, environments: { staging: own } },
  });
});

test('a policy that only a load balancer knows how to follow stays with it', () => {
  const environment = {
    namespace: 'web',
    replicas: 3,
    exposure: 'load-balancer',
    externalTrafficPolicy: 'Local',
  } as const;

  expect(exposedBy(environment, 'node-port')).toEqual({ namespace: 'web', replicas: 3, exposure: 'node-port' });
  expect(exposedBy(environment, 'load-balancer')).toEqual(environment);
});
