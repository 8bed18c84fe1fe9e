import { expect, test } from 'vitest';
import { changed, type Changes, inNamespace, withImage, withSpec } from '../../../src/rehearse/manifests/changes.ts';
import { boundsOf, serviceContainer } from '../../../src/rehearse/manifests/object.ts';
import {
  drainOf,
  playedNumbers,
  rolloutNumbers,
  scaledTo,
  slowestStartMs,
} from '../../../src/rehearse/manifests/rehearsed.ts';
import { deployment, project, service } from './sample.ts';

const asCommitted: Changes = {
  settings: 'ours' as const,
  replicas: null,
  drainMs: null,
  drainVariable: 'DRAIN_MS',
  expose: null,
  namespace: null,
};

const podOf = (object: unknown) => expect.objectContaining({ spec: expect.objectContaining(object) });

test('what is committed is what is played', () => {
  expect(changed(deployment, asCommitted)).toEqual(deployment);
  expect(changed(service, asCommitted)).toEqual(service);
});

test('the container that is called like its Deployment gets the image, and no other', () => {
  const released = withImage(deployment, 'registry.test:5000/shop/web:v1@sha256:1');
  expect(serviceContainer(released)).toMatchObject({ name: 'web', image: 'registry.test:5000/shop/web:v1@sha256:1' });
  expect(released).toMatchObject({
    spec: { template: podOf({ containers: [{ name: 'proxy', image: 'registry.test/proxy:1' }, expect.anything()] }) },
  });
});

test('the control takes the rollout of the original, and waits for its slowest start by liveness', () => {
  const control = changed(deployment, { ...asCommitted, settings: 'original' as const, replicas: 4 });
  expect(control).toMatchObject({
    spec: {
      replicas: 4,
      minReadySeconds: 0,
      strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } },
      template: podOf({ terminationGracePeriodSeconds: 15 }),
    },
  });
  const container = control === null ? undefined : serviceContainer(control);
  expect(container).toMatchObject({
    env: [expect.anything(), { name: 'DRAIN_MS', value: '0' }],
    livenessProbe: { initialDelaySeconds: 60 },
  });
  expect(container).not.toHaveProperty('readinessProbe');
  expect(container).not.toHaveProperty('startupProbe');
});

test('the control is as committed but for its drain', () => {
  const control = changed(deployment, { ...asCommitted, settings: 'no-drain', drainMs: 8_000 });
  const env = [expect.anything(), { name: 'DRAIN_MS', value: '0' }];
  const { lifecycle: _, ...container } = serviceContainer(deployment) ?? {};

  expect(control === null ? undefined : serviceContainer(control)).toEqual({ ...container, env });
  expect(control).toMatchObject({ spec: { template: podOf({ terminationGracePeriodSeconds: 15 }) } });
});

test('a drain is told by its variable, or is a hook that sleeps; the grace period follows it', () => {
  const told = changed(deployment, { ...asCommitted, drainMs: 500 });
  expect(told).toMatchObject({ spec: { template: podOf({ terminationGracePeriodSeconds: 16 }) } });

  const slept = changed(deployment, { ...asCommitted, drainMs: 8_000, drainVariable: null });
  expect(slept).toMatchObject({ spec: { template: podOf({ terminationGracePeriodSeconds: 28 }) } });
  expect(slept === null ? null : serviceContainer(slept)).toMatchObject({
    lifecycle: { preStop: { sleep: { seconds: 8 } } },
  });
  const none = slept === null ? null : changed(slept, { ...asCommitted, drainMs: 0, drainVariable: null });
  expect(none).toEqual(deployment);
});

test('a node port has nobody who looks away from a node without pods, and a play has an entrance of its own', () => {
  const route = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name: 'web' } };
  expect(changed(service, { ...asCommitted, expose: 'node-port' })).toMatchObject({ spec: { type: 'NodePort' } });
  expect(changed(service, { ...asCommitted, expose: 'node-port' })?.['spec']).not.toHaveProperty(
    'externalTrafficPolicy',
  );
  expect(changed(service, { ...asCommitted, expose: 'load-balancer' })).toEqual(service);
  expect(changed(route, { ...asCommitted, expose: 'node-port' })).toBeNull();
  expect(changed(route, asCommitted)).toEqual(route);
});

test("a play has a load balancer of its own, and waits for none of a cloud's", () => {
  const balanced = {
    ...service,
    metadata: {
      ...service.metadata,
      annotations: { 'networking.gke.io/load-balancer-ip-addresses': 'shop-web', 'example.com/team': 'shop' },
    },
    spec: { type: 'LoadBalancer', loadBalancerClass: 'networking.gke.io/l4-regional-external', ports: [] },
  };
  for (const expose of ['node-port', 'load-balancer'] as const) {
    const played = changed(balanced, { ...asCommitted, expose });
    expect(played?.metadata.annotations).toEqual({ 'example.com/team': 'shop' });
    expect(played?.['spec']).toEqual({ type: expose === 'node-port' ? 'NodePort' : 'LoadBalancer', ports: [] });
  }
  const gates = [{ conditionType: 'cloud.google.com/load-balancer-neg-ready' }, { conditionType: 'example.com/warm' }];
  const gated = withSpec(deployment, { template: { spec: { readinessGates: gates } } });
  expect(changed(gated, asCommitted)).toMatchObject({ spec: { template: { spec: { readinessGates: [gates[1]] } } } });
});

test.each([
  ['gateway.networking.k8s.io/v1', 'HTTPRoute'],
  ['networking.gke.io/v1', 'HealthCheckPolicy'],
  ['networking.gke.io/v1', 'GCPBackendPolicy'],
  ['monitoring.googleapis.com/v1', 'PodMonitoring'],
])('a play on a real cluster leaves out %s %s', (apiVersion, kind) => {
  const object = { apiVersion, kind, metadata: { name: 'web' } };
  expect(changed(object, { ...asCommitted, expose: 'node-port' })).toBeNull();
  expect(changed(object, asCommitted)).toEqual(object);
});

test('another namespace stands wherever a field names it, and a name that is the same by chance stays', () => {
  const place = { from: 'web-staging', to: 'own' };
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'web-staging' } };
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'web-staging', namespace: 'web-staging' },
    spec: {
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'web-staging' } } }] }],
    },
  };
  expect(inNamespace(namespace, place).metadata.name).toBe('own');
  expect(inNamespace(policy, place)).toEqual({
    ...policy,
    metadata: { name: 'web-staging', namespace: 'own' },
    spec: { ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'own' } } }] }] },
  });
  expect(inNamespace(project, place)).toMatchObject({
    metadata: { namespace: 'argocd' },
    spec: {
      destinations: [{ namespace: 'own' }, { namespace: 'web-production' }],
      clusterResourceWhitelist: [{ name: 'own' }, { name: 'web-production' }],
    },
  });
});

test('an autoscaler is played, and decides with how many pods', () => {
  const scaler = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web' },
    spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, minReplicas: 4, maxReplicas: 9 },
  };
  expect(changed(scaler, asCommitted)).toEqual(scaler);
  expect(boundsOf([deployment, scaler], 'web')).toEqual({ min: 4, max: 9 });
  expect(boundsOf([{ ...scaler, spec: { ...scaler.spec, minReplicas: undefined } }], 'web')).toEqual({
    min: 1,
    max: 9,
  });
  expect(boundsOf([deployment, { ...scaler, spec: { scaleTargetRef: { name: 'api' } } }], 'web')).toBeNull();
  expect(boundsOf([deployment], 'web')).toBeNull();
  const { replicas: _, ...spec } = deployment.spec;
  const scaled = { deployment: { ...deployment, spec }, autoscaler: { min: 4, max: 9 } };
  expect(playedNumbers(scaled, 0)).toMatchObject({ replicas: 4, autoscaler: { min: 4, max: 9 } });
  expect(playedNumbers(scaled, 0, 7)).toMatchObject({ replicas: 7 });
  expect(rolloutNumbers(scaledTo(scaled.deployment, 4), 1_500)).toMatchObject({ replicas: 4 });
});

test('the numbers of a rollout are those of its Deployment, with the defaults of Kubernetes', () => {
  const numbers = rolloutNumbers(deployment, 1_500);
  expect(numbers).toMatchObject({ replicas: 3, maxSurge: 1, maxUnavailable: 0, forecast: { fewestReady: [3, 3] } });
  // A rehearsal of the example service takes 24.7 s, until Argo CD has seen it up to half a second later.
  const [least = 0, most = 0] = numbers.forecast.completeMs ?? [];
  expect([least < 24_700, most > 24_200, numbers.boundMs]).toEqual([true, true, Math.round(most)]);
  const control = changed(deployment, { ...asCommitted, settings: 'original' as const });
  expect(control === null ? null : rolloutNumbers(control, 1_500)).toMatchObject({ maxUnavailable: 1 });
  const bare = { ...deployment, spec: { replicas: 10 } };
  expect(rolloutNumbers(bare, 0)).toMatchObject({ replicas: 10, maxSurge: 3, maxUnavailable: 2 });
  const stuck = { ...deployment, spec: { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: '10%' } } } };
  expect(rolloutNumbers(stuck, 0)).toMatchObject({ replicas: 1, maxSurge: 0, maxUnavailable: 1 });
  const waves = {
    ...deployment,
    spec: { replicas: 11, minReadySeconds: 1, strategy: { rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } } },
  };
  // Three waves, the last of which is incomplete, each of one second and what a kubelet takes to see it.
  const { maxSurge, maxUnavailable, boundMs } = rolloutNumbers(waves, 1_500);
  expect([maxSurge, maxUnavailable, boundMs > 3_000, boundMs < 7_000]).toEqual([3, 2, true, true]);
});

test('a pod may take as long to start as its startup probe tries', () => {
  expect(slowestStartMs(deployment)).toBe(58_000);
  expect(slowestStartMs(changed(deployment, { ...asCommitted, settings: 'original' as const }) ?? deployment)).toBe(0);
});

test('the drain and what else is played is read from the Deployment', () => {
  const drained = changed(deployment, { ...asCommitted, drainMs: 7_000 }) ?? deployment;
  expect(
    playedNumbers({ deployment: drained, autoscaler: null }, drainOf(drained, asCommitted.drainVariable)),
  ).toMatchObject({
    replicas: 3,
    drainMs: 7_000,
  });
});
