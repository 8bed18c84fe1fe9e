import { expect, test } from 'vitest';
import { webService } from '../../../apps/workload/define.ts';
import { resolveWorkloads } from '../../../apps/workload/resolve.ts';
import { workload } from '../../settings/sample.ts';

const environments = ['staging', 'production'];

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
  [
    { exposure: 'gateway' },
    "exposure is 'gateway', which is reserved for a Google L7 load balancer and not supported yet. Use load-balancer, node-port, cluster-ip.",
  ],
  [{ exposure: 'ingress' }, "exposure is 'ingress', expected one of load-balancer, node-port, cluster-ip."],
  [{ externalTrafficPolicy: 'local' }, "externalTrafficPolicy is 'local', expected Cluster or Local."],
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
  [{ maxsurge: 2 }, 'maxsurge is not a setting. Did you mean maxSurge? Use one of namespace, replicas, exposure,'],
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
  [{ unchecked: { because: 'x', probes: 'none' } }, "unchecked.probes is 'none', expected all or liveness-only."],
  [{ unchecked: { because: 'x', replicas: 1 } }, 'unchecked.replicas is not a setting. Use one of because, maxSurge,'],
  [{ env: { LEVEL: 3 } }, 'env.LEVEL is 3, expected text, or { secret: NAME, key: KEY } for a value from a Secret.'],
  [{ env: [] }, "env is [], expected an object of variables: { NAME: 'value' }."],
  [{ egress: {} }, 'egress is {}, expected a list of NetworkPolicyEgressRules of Kubernetes.'],
  [
    { in: { prodution: {} } },
    'in.prodution is about no environment of settings.ts. Did you mean production? Use one of',
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
    'exports no service. Write: export default webService({ ... }).',
  ]);
});
