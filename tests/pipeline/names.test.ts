import { expect, test } from 'vitest';
import { clustersOf } from '../../cluster/cluster-project.ts';
import { email } from '../../cluster/identities.ts';
import { appAddress, clusterOf, imageCluster, names, providerOf, registryOf } from '../../pipeline/names.ts';
import { firstOf } from '../../settings/settings.ts';
import { larger, project, settings } from '../settings/sample.ts';
import { answering } from './answering.ts';

test('identities, cluster and bucket are those that cluster/ makes', () => {
  const { google } = firstOf(clustersOf(project));

  expect(names(firstOf(settings.clusters))).toMatchObject({
    push: email(google, 'push'),
    verify: email(google, 'verify'),
    cluster: google.name,
    location: google.location,
    'state-bucket': google.stateBucket,
  });
});

test('an environment has the cluster that it is on', () => {
  expect(clusterOf(larger, 'production').name).toBe('west');
  expect(clusterOf(larger, 'staging').name).toBe('main');
  expect(clusterOf(settings, 'production').name).toBe('main');
});

test('images are pushed by the identity of the cluster whose project keeps them', () => {
  const [main, west] = larger.clusters;
  expect(imageCluster(larger).name).toBe('main');
  const moved = {
    ...larger,
    clusters: [
      { ...firstOf(larger.clusters), google: { project: 'other-project', region: 'europe-west1' } },
      ...(west === undefined ? [] : [west]),
    ],
  };
  expect(imageCluster(moved).name).toBe('west');
  expect(imageCluster({ ...larger, services: [{ name: 'web', image: 'ghcr.io/acme/web' }] }).name).toBe(main?.name);
});

test('the registry is the host of the images of a cluster, and nothing where they are elsewhere', () => {
  const [web] = larger.services;
  expect(registryOf(larger, firstOf(larger.clusters))).toBe(web?.image.split('/')[0]);
  const other = { google: { project: 'other-project', region: 'europe-west1' } };
  expect(registryOf(larger, other)).toBeNull();
  expect(registryOf({ services: [{ name: 'web', image: 'ghcr.io/acme/web' }] }, firstOf(settings.clusters))).toBeNull();
});

test('the provider of a cluster is its line of the variable, and all of it for an only cluster', () => {
  expect(providerOf(settings, 'main', 'projects/1/x\n')).toBe('projects/1/x');
  expect(providerOf(settings, 'main', 'main=projects/1/x')).toBe('projects/1/x');
  expect(providerOf(larger, 'west', 'main=projects/1/x\nwest=projects/2/y\n')).toBe('projects/2/y');
  expect(providerOf(larger, 'west', '')).toBe('');
  expect(() => providerOf(larger, 'west', 'projects/1/x')).toThrow('has no line for the cluster west. Add one: west=');
});

/** The address of an App at a GitHub that answers so. */
async function address(status: number, answer: string): Promise<string> {
  let found = '';
  await answering(
    ({ url, headers }, response) => {
      const isRight = url === '/users/zerodrop-release%5Bbot%5D' && headers.authorization === 'Bearer a-token';
      response.writeHead(isRight ? status : 400).end(answer);
    },
    async (host) => {
      const place = { api: `http://${host}`, server: 'https://github.example.com', token: 'a-token' };
      found = await appAddress(place, 'zerodrop-release');
    },
  );
  return found;
}

test('has the number that GitHub links a commit by', async () => {
  expect(await address(200, '{"login":"zerodrop-release[bot]","id":4711}')).toBe(
    '4711+zerodrop-release[bot]@users.noreply.github.example.com',
  );
});

test.each([
  [500, ''],
  [200, 'not JSON'],
  [404, '{"message":"Not Found"}'],
])('has none where the API does not say it: %i %s', async (status, answer) => {
  expect(await address(status, answer)).toBe('zerodrop-release[bot]@users.noreply.github.example.com');
});

test('has none where nothing answers', async () => {
  const place = { api: 'http://127.0.0.1:9', server: 'https://github.com', token: 'a-token' };

  expect(await appAddress(place, 'x')).toBe('x[bot]@users.noreply.github.com');
});
