import { expect, test } from 'vitest';
import { environmentProblems } from '../../settings/check-environment.ts';
import { environment } from './sample.ts';

function problems(change: object): string[] {
  return [...environmentProblems('environments.production', { ...environment, ...change })];
}

test.each([
  {},
  { replicas: 2, maxSurge: 4, endpointLagSeconds: 0.5, externalTrafficPolicy: 'Local' },
  { exposure: 'cluster-ip' },
  { url: 'https://staging.example.com', autoRollback: true },
  { url: 'http://127.0.0.1:30080/', autoRollback: false },
  { exposure: 'node-port', externalTrafficPolicy: 'Cluster' },
  { unchecked: { because: 'a rehearsal', maxSurge: 0, maxUnavailable: 1, drainSeconds: 0.5, probes: 'liveness-only' } },
])('takes %j', (change) => {
  expect(problems(change)).toEqual([]);
});

test.each([
  [{ namespace: 'Web' }, "namespace is 'Web', expected a name of lower case letters"],
  [{ namespace: undefined }, 'namespace is missing, expected a name'],
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
  [{ autoRollback: 'yes' }, "autoRollback is 'yes', expected true or false."],
  [{ maxsurge: 2 }, 'maxsurge is not a setting. Use one of namespace, replicas, exposure, maxSurge,'],
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
])('refuses %j', (change, sentence) => {
  expect(problems(change)).toEqual([expect.stringContaining(`environments.production.${sentence}`)]);
});

test('refuses an environment that is no object', () => {
  expect([...environmentProblems('environments.production', 3)]).toEqual([
    'environments.production is 3, expected an object with namespace, replicas and exposure.',
  ]);
});
