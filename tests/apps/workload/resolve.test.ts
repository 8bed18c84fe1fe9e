import { expect, test } from 'vitest';
import { webService, worker } from '../../../apps/workload/define.ts';
import { resolveWorkloads } from '../../../apps/workload/resolve.ts';
import { workload } from '../../settings/sample.ts';

const environments = ['staging', 'production'];
const pinned = `example.com/proxy:1@sha256:${'a'.repeat(64)}`;

function problems(given: object): readonly string[] {
  return resolveWorkloads({ kind: 'web', ...workload, ...given }, environments).problems;
}

test('gives each environment its own values in the place of the common ones', () => {
  const given = webService({ ...workload, in: { production: { replicas: 5 } } });
  const { workloads, problems: none } = resolveWorkloads(given, environments);

  expect(none).toEqual([]);
  expect(workloads.get('staging')).toEqual(workload);
  expect(workloads.get('production')).toEqual({ ...workload, replicas: 5 });
});

test('takes what only the environments say', () => {
  const given = webService({ in: { staging: workload, production: workload } });
  expect(resolveWorkloads(given, environments)).toMatchObject({ problems: [] });
});

test('lets an environment do without a common value', () => {
  const given = {
    kind: 'web',
    ...workload,
    in: { production: { replicas: undefined, autoscale: { min: 2, max: 9 } } },
  };
  const { workloads, problems: none } = resolveWorkloads(given, environments);
  expect(none).toEqual([]);
  expect(workloads.get('production')).toEqual({ exposure: 'load-balancer', autoscale: { min: 2, max: 9 } });
});

test('takes the variables of an environment one by one', () => {
  const given = webService({ ...workload, env: { A: '1', B: '2' }, in: { production: { env: { B: '3', C: '4' } } } });
  const { workloads } = resolveWorkloads(given, environments);
  expect(workloads.get('production')?.env).toEqual({ A: '1', B: '3', C: '4' });
});

test.each([
  {},
  { replicas: 2, maxSurge: 4, endpointLagSeconds: 0.5, externalTrafficPolicy: 'Local' },
  { exposure: 'cluster-ip' },
  { url: 'https://staging.example.com' },
  { url: 'http://127.0.0.1:30080/' },
  { exposure: 'node-port', externalTrafficPolicy: 'Cluster' },
  { maxSurge: '25%' },
  { replicas: undefined, autoscale: { min: 2, max: 2 } },
  { autoscale: { min: 2, max: 9, targetCpu: 120, targetMemory: 80 } },
  { files: { '/etc/a.toml': '', '/etc/tls': { secret: 'tls' }, '/a': { configMap: 'b', key: 'c' } } },
  { sidecars: [{ name: 'proxy', image: pinned, startup: { path: '/ready', port: 9001 } }] },
  { user: 1000, preStop: 'sleep', probes: { readiness: { grpc: 9000 } } },
  { objects: [{ apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', metadata: { name: 'a' } }] },
  { unchecked: { because: 'a rehearsal', maxSurge: 0, maxUnavailable: 1, drainSeconds: 0.5, probes: 'liveness-only' } },
])('takes %j', (change) => {
  expect(problems(change)).toEqual([]);
});

test.each([
  [{ namespace: 'Web' }, "namespace is 'Web', expected a name of lower case letters"],
  [{ namespace: 'default' }, "namespace is 'default', which belongs to the cluster, to Google or to Argo CD."],
  [{ namespace: 'kube-system' }, "namespace is 'kube-system', which belongs"],
  [{ namespace: 'argocd' }, "namespace is 'argocd', which belongs"],
  [{ namespace: 'gke-managed-system' }, "namespace is 'gke-managed-system', which belongs"],
  [
    { replicas: 0 },
    'replicas is 0, but a rollout without loss needs at least 2. Set it to a whole number of 2 or more.',
  ],
  [{ replicas: 2.5 }, 'replicas is 2.5, but'],
  [{ replicas: '3' }, "replicas is '3', but"],
  [{ maxSurge: 0 }, 'maxSurge is 0, but a rolling update without loss starts a new pod before it stops an old one.'],
  [{ exposure: 'ingress' }, "exposure is 'ingress', expected one of gateway, load-balancer, node-port, cluster-ip."],
  [
    { externalTrafficPolicy: 'local' },
    "externalTrafficPolicy is 'local', expected one of Cluster, Local. Did you mean Local?",
  ],
  [
    { exposure: 'cluster-ip', externalTrafficPolicy: 'Local' },
    "externalTrafficPolicy is 'Local', but cluster-ip takes no traffic from outside. Leave it out.",
  ],
  [{ endpointLagSeconds: -1 }, 'endpointLagSeconds is -1, expected a number of seconds of 0 or more.'],
  [{ endpointLagSeconds: '3' }, "endpointLagSeconds is '3', expected"],
  [
    { url: 'staging.example.com' },
    "url is 'staging.example.com', expected where clients reach the service, without a path: https://staging.example.com.",
  ],
  [{ url: 'https://example.com/web' }, "url is 'https://example.com/web', expected"],
  [{ url: 'ftp://example.com' }, "url is 'ftp://example.com', expected"],
  [{ maxsurge: 2 }, 'maxsurge is not a setting. Did you mean maxSurge? Use one of namespace, autoscale, maxSurge,'],
  [{ unchecked: true }, 'unchecked is true, expected an object with because'],
  [{ unchecked: { because: ' ' } }, "unchecked.because is ' ', but values that skip the checks need a reason."],
  [{ unchecked: {} }, 'unchecked.because is missing, but'],
  [
    { unchecked: { because: 'x', maxUnavailable: -1 } },
    'unchecked.maxUnavailable is -1, expected a whole number of 0 or more.',
  ],
  [{ unchecked: { because: 'x', minReadySeconds: 0.5 } }, 'unchecked.minReadySeconds is 0.5, expected'],
  [
    { unchecked: { because: 'x', drainSeconds: -1 } },
    'unchecked.drainSeconds is -1, expected a number of seconds of 0 or more.',
  ],
  [{ unchecked: { because: 'x', probes: 'none' } }, "unchecked.probes is 'none', expected one of all, liveness-only."],
  [{ unchecked: { because: 'x', replicas: 1 } }, 'unchecked.replicas is not a setting. Use one of because, maxSurge,'],
  [
    { env: { LEVEL: 3 } },
    'env.LEVEL is 3, expected text, { secret: NAME, key: KEY } or { configMap: NAME, key: KEY }.',
  ],
  [{ env: [] }, "env is [], expected an object of variables: { NAME: 'value' }."],
  [
    { autoscale: { min: 1, max: 3 } },
    'autoscale.min is 1, but a rollout without loss needs at least 2. Set it to a whole number of 2 or more.',
  ],
  [
    { autoscale: { min: 4, max: 3 } },
    'autoscale.max is 3, below autoscale.min, which is 4. Raise max to 4 or more, or lower min.',
  ],
  [{ autoscale: { min: 2 } }, 'autoscale.max is missing, but'],
  [{ autoscale: { min: 2, max: 9, targetCPU: 50 } }, 'autoscale.targetCPU is not a setting. Did you mean targetCpu?'],
  [{ autoscale: { min: 2, max: 9, targetMemory: 100 } }, 'autoscale.targetMemory is 100, but memory at the request'],
  [
    { replicas: 12, autoscale: { min: 2, max: 9 } },
    'replicas is 12, but autoscale allows 2 to 9, and would change it at once. Set it within these, or leave it out.',
  ],
  [
    { replicas: undefined },
    'replicas is missing, but a rollout without loss needs at least 2. Set it to a whole number of 2 or more. Or let an autoscaler choose:',
  ],
  [{ maxSurge: '0%' }, "maxSurge is '0%', but a rolling update"],
  [{ maxSurge: '25' }, "maxSurge is '25', but a rolling update"],
  [{ config: { LEVEL: 3 } }, 'config.LEVEL is 3, expected text.'],
  [{ files: { 'etc/a.toml': '' } }, 'files.etc/a.toml is not an absolute path. Begin it with /'],
  [{ files: { '/etc/a': 3 } }, 'files./etc/a is 3, expected text, { secret: NAME, key: KEY }'],
  [{ scratch: { '/tmp': 64 } }, "scratch./tmp is 64, expected a size such as '64Mi'."],
  [{ scratch: { '/tmp/': '64Mi' } }, 'scratch./tmp/ is not an absolute path.'],
  [{ labels: { 'app.kubernetes.io/name': 'x' } }, 'labels has app.kubernetes.io/name, by which the pods are selected'],
  [{ annotations: { 'zerodrop/a': 'x' } }, 'annotations has a key that begins with zerodrop/'],
  [{ user: 0 }, 'user is 0, expected a whole number of 1 or more: 0 is root'],
  [
    { probes: { readiness: { http: '/' } } },
    'probes.readiness is {"http":"/"}, expected { path: \'/healthz\', port? }',
  ],
  [{ probes: {} }, "probes.readiness is missing, expected { path: '/healthz', port? }"],
  [{ preStop: 5 }, "preStop is 5, expected 'sleep', or { exec: ['program'], seconds: N }"],
  [{ googleServiceAccount: 'web' }, "googleServiceAccount is 'web', expected the address of a service account"],
  [
    { initContainers: [{ name: 'migrate', image: 'example.com/migrate:v1' }] },
    "initContainers.migrate.image is 'example.com/migrate:v1', expected an image with tag and digest",
  ],
  [
    { sidecars: [{ name: 'proxy', image: pinned, startup: { path: '/ready' } }] },
    'sidecars.proxy.startup has a path but no port. Add the port at which the sidecar answers.',
  ],
  [{ objects: [{ kind: 'X' }] }, 'objects[0] is {"kind":"X"}, expected an object of Kubernetes with apiVersion'],
  [
    { objects: [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } }] },
    'objects[0] is a Secret, whose value git would keep for ever.',
  ],
  [{ egress: {} }, 'egress is {}, expected a list of NetworkPolicyEgressRules of Kubernetes.'],
  [
    { in: { prodution: {} } },
    'in.prodution names an environment that settings.ts does not have. Did you mean production? Use one of',
  ],
  [{ in: { staging: 3 } }, 'in.staging is 3, expected an object with what is different in staging.'],
  [{ in: [] }, 'in is [], expected an object with values by environment: staging, production.'],
  [
    { in: { production: { replicas: 1 } } },
    'in.production.replicas is 1, but a rollout without loss needs at least 2.',
  ],
  [{ env: { A: 'a' }, in: { production: { env: { B: 3 } } } }, 'in.production.env.B is 3, expected text'],
])('refuses %j, once for all environments', (change, sentence) => {
  expect(problems(change)).toEqual([
    expect.stringMatching(`^${sentence.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}`),
  ]);
});

test.each([undefined, 3, {}, { kind: 'job' }, () => undefined])('refuses %j as a service', (given) => {
  expect(resolveWorkloads(given, environments).problems).toEqual([
    'exports no service. Write: export default webService({ ... }), or worker({ ... }).',
  ]);
});

test('reads a worker, which has no exposure', () => {
  const { workloads, problems: none } = resolveWorkloads(
    worker({ replicas: 1, longestJobSeconds: 60, in: { production: { replicas: 3 } } }),
    environments,
  );
  expect(none).toEqual([]);
  expect(workloads.get('production')).toEqual({ replicas: 3, longestJobSeconds: 60 });
});

test.each([
  [{ longestJobSeconds: undefined }, 'longestJobSeconds is missing, expected a number of seconds of 0 or more.'],
  [{ replicas: 0 }, 'replicas is 0, expected a whole number of 1 or more.'],
  [{ replicas: undefined }, 'replicas is missing, expected a whole number of 1 or more. Or let an autoscaler choose:'],
  [{ exposure: 'cluster-ip' }, 'exposure is not a setting.'],
  [
    { recreate: true },
    'recreate is true, but it is for a program of which a rollout may not run two. Set replicas to 1',
  ],
  [
    { replicas: 1, recreate: true, maxSurge: 2 },
    'maxSurge is 2, but with recreate the old pod ends before another one starts. Leave out maxSurge, or recreate.',
  ],
  [{ probes: { liveness: { path: '/livez' } } }, 'probes.liveness has a path but no port. Add port to it'],
])('refuses %j of a worker', (change, sentence) => {
  const given = { kind: 'worker', replicas: 2, longestJobSeconds: 60, ...change };
  expect(resolveWorkloads(given, environments).problems).toEqual([expect.stringContaining(sentence)]);
});

test.each(['config', 'files', 'scratch', 'labels', 'annotations'])(
  'joins %s of an environment to the common one',
  (key) => {
    const [common, own] = [{ '/a': '1Mi', '/b': '1Mi' }, { '/b': '2Mi' }];
    const { workloads } = resolveWorkloads(
      { kind: 'web', ...workload, [key]: common, in: { staging: { [key]: own } } },
      environments,
    );
    expect(workloads.get('staging')).toMatchObject({ [key]: { '/a': '1Mi', '/b': '2Mi' } });
  },
);
