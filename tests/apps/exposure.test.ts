import { expect, test } from 'vitest';
import { gatewaysOf, targetAddress } from '../../apps/exposure.ts';
import type { Project } from '../../apps/project.ts';
import { projectOf } from '../../apps/project.ts';
import type { WebService } from '../../apps/workload/schema.ts';
import type { Settings } from '../../settings/settings.ts';
import { projectWith, settings, workload } from '../settings/sample.ts';

const services = [
  { name: 'web', image: 'example.com/web' },
  { name: 'api', image: 'example.com/api' },
];

/** Two services behind the gateway of one environment. */
function behind(web: WebService, api: WebService, owned: Settings = settings): Project {
  const values = { web, api };
  const given = Object.entries(values).map(([name, value]) => [
    name,
    { kind: 'web', ...workload, exposure: 'gateway', ...value },
  ]);
  const environments = owned === settings ? [{ name: 'production' }] : owned.environments;
  return projectOf({ ...owned, services, environments }, new Map(given as [string, unknown][]));
}

test('makes one gateway of the services of an environment, with a certificate for each host name', () => {
  const { targets } = behind(
    { hosts: ['www.example.com'] },
    { hosts: ['www.example.com', 'example.com'], path: '/api' },
  );
  const [gateway, ...more] = gatewaysOf(targets);
  expect(more).toEqual([]);
  expect(gateway).toMatchObject({
    name: 'gateway-production',
    path: 'production/gateway',
    scope: 'global',
    address: 'zerodrop-gateway-production',
    certificates: [{ host: 'www.example.com' }, { host: 'example.com' }],
  });
});

test('names at Google are short enough, and no two are the same', () => {
  const long = `${'a'.repeat(30)}.${'b'.repeat(24)}.com`;
  const [gateway] = gatewaysOf(behind({ hosts: [long, 'a.b-c.com'] }, { hosts: ['a-b.c.com'] }).targets);
  const names = gateway?.certificates.map(({ name }) => name) ?? [];
  expect(new Set(names).size).toBe(3);
  for (const name of names) expect(name).toMatch(/^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/);
});

test('gives a load balancer an address of its own, unless the owner chooses another kind', () => {
  const addresses = projectWith().targets.map(targetAddress);
  expect(addresses).toEqual(['zerodrop-web-staging', 'zerodrop-web-production']);
  const internal = { serviceAnnotations: { 'networking.gke.io/load-balancer-type': 'Internal' } };
  expect(projectWith(internal).targets.map(targetAddress)).toEqual([null, null]);
  expect(projectWith({ exposure: 'node-port' }).targets.map(targetAddress)).toEqual([null, null]);
});

test.each([
  [
    { hosts: ['www.example.com'] },
    { hosts: ['www.example.com'] },
    "apps/services/api.ts: hosts has 'www.example.com' in production at the path /, as web has, so requests would reach one of them only. Give one of them another host or path.",
  ],
  [
    { hosts: ['www.example.com'], path: '/api' },
    { hosts: ['www.example.com'], path: '/api' },
    "apps/services/api.ts: hosts has 'www.example.com' in production at the path /api, as web has",
  ],
] satisfies [WebService, WebService, string][])('refuses two services at one place: %j, %j', (web, api, sentence) => {
  expect(() => behind(web, api)).toThrow(sentence);
});

test('refuses a host name that would lead to the gateways of two environments, or to Argo CD', () => {
  const same = { hosts: ['www.example.com'], path: '/web' };
  expect(() => behind(same, { hosts: ['api.example.com'] }, { ...settings, services })).toThrow(
    "apps/services/web.ts: hosts has 'www.example.com' in production, as in staging, but a host name leads to one environment's Gateway. Choose another for one of them: in.production.hosts.",
  );
  const singleSignOn = { organisation: 'example', adminTeam: 'platform', clientId: 'x' };
  const google = {
    project: 'example-project',
    region: 'europe-west1',
    argocd: { domain: 'argocd.example.com', singleSignOn },
  };
  const owned = { ...settings, clusters: [{ name: 'main', google }], environments: [{ name: 'production' }] };
  expect(() => behind({ hosts: ['argocd.example.com'] }, { hosts: ['api.example.com'] }, owned)).toThrow(
    "hosts has 'argocd.example.com' in production, which is clusters.main.google.argocd.domain, where Argo CD is. Choose another host name.",
  );
});

test('refuses a regional gateway without a range for its proxies', () => {
  const owned: Settings = { ...settings, environments: [{ name: 'production', gateway: 'regional' }] };
  expect(() => projectWith({ exposure: 'gateway', hosts: ['www.example.com'] }, owned)).toThrow(
    "settings.ts: clusters.main.google.network.proxies is missing, but the regional Gateway of production needs a range for Google's proxies. Write one such as '10.11.0.0/23'.",
  );
});

test.each([
  { services: [{ name: 'gateway', image: 'example.com/web' }] },
  { services: [{ name: 'web', image: 'example.com/web' }], namespace: { namespace: 'gateway-production' } },
])("refuses a service that takes the gateway's names: %j", ({ services: own, namespace }) => {
  const owned = { ...settings, services: own, environments: [{ name: 'production' }] };
  const web: WebService = { exposure: 'gateway', hosts: ['www.example.com'], ...namespace };
  expect(() => projectWith(web, owned)).toThrow('as the Gateway of production: gateway is the name of its folder');
});
