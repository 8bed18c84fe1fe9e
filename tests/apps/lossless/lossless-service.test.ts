import { App, Chart } from 'cdk8s';
import { expect, test } from 'vitest';
import { LosslessService } from '../../../apps/lossless/lossless-service.ts';
import { folderProblems } from '../../../apps/validate.ts';
import type { Workload } from '../../../apps/workload/schema.ts';
import { renderYaml } from '../../../apps/yaml.ts';
import { image, place, rendered, web } from './rendered.ts';

function podOf(workload: Workload): unknown {
  return rendered(workload).get('Deployment')?.spec;
}

test('renders a service that loses nothing, as it stands in this file', async () => {
  const chart = new Chart(new App(), 'chart');
  expect(new LosslessService(chart, 'web', { ...place, workload: web }).rollout.unchecked).toBeNull();
  await expect(renderYaml(['a test'], chart.toJson())).toMatchFileSnapshot('snapshots/web.yaml');
});

test('is ten lines for a second app', () => {
  const chart = new Chart(new App(), 'payments');
  const { rollout } = new LosslessService(chart, 'payments', {
    name: 'payments',
    namespace: 'payments',
    image,
    workload: { replicas: 5, exposure: 'cluster-ip', longestRequestSeconds: 60 },
  });
  expect(rollout).toMatchObject({ drainSeconds: 15, terminationGracePeriodSeconds: 80, maxUnavailable: 0 });
  expect(folderProblems(chart.toJson(), 'payments')).toEqual([]);
});

test('names and selects by the name alone, wherever the construct stands', () => {
  const chart = new Chart(new App(), 'elsewhere', { namespace: 'other', labels: { team: 'x' } });
  expect(new LosslessService(chart, 'moved', { ...place, workload: web }).rollout.replicas).toBe(3);
  const kinds = chart.toJson().map((document) => [document.kind, document.metadata.name, document.metadata.namespace]);
  expect(kinds).toEqual(
    ['ServiceAccount', 'Service', 'Deployment', 'PodMonitoring', 'PodDisruptionBudget', 'NetworkPolicy'].map((kind) => [
      kind,
      'web',
      'web-production',
    ]),
  );
  const [service, deployment] = ['Service', 'Deployment'].map((kind) =>
    chart.toJson().find((document) => document.kind === kind),
  );
  expect(service.spec.selector).toEqual({ 'app.kubernetes.io/name': 'web' });
  expect(deployment.spec.selector).toEqual({ matchLabels: { 'app.kubernetes.io/name': 'web' } });
  expect(deployment.spec.template.metadata.labels).toEqual({ 'app.kubernetes.io/name': 'web' });
});

test('renders all but the Deployment before the first release', () => {
  expect([...rendered(web, null).keys()]).toEqual([
    'ServiceAccount',
    'Service',
    'PodMonitoring',
    'PodDisruptionBudget',
    'NetworkPolicy',
  ]);
});

test.each([
  [{ exposure: 'load-balancer' }, { type: 'LoadBalancer', externalTrafficPolicy: 'Cluster' }],
  [
    { exposure: 'load-balancer', externalTrafficPolicy: 'Local' },
    { type: 'LoadBalancer', externalTrafficPolicy: 'Local' },
  ],
  [{ exposure: 'node-port' }, { type: 'NodePort', externalTrafficPolicy: 'Cluster' }],
] as const)('is reached as %j says', (reach, spec) => {
  expect(rendered({ ...web, ...reach }).get('Service')?.spec).toMatchObject(spec);
});

test('has no traffic policy for what takes no traffic from outside', () => {
  const spec = rendered({ ...web, exposure: 'cluster-ip' }).get('Service')?.spec;
  expect(spec).toMatchObject({ type: 'ClusterIP' });
  expect(spec).not.toHaveProperty('externalTrafficPolicy');
});

test('renders unchecked values with their reason, outside of the pods', () => {
  const unchecked = {
    because: 'the baseline: yes, it loses requests',
    maxUnavailable: 1,
    minReadySeconds: 0,
    drainSeconds: 0,
    probes: 'liveness-only',
  } as const;
  const deployment = rendered({ ...web, unchecked }).get('Deployment');
  expect(deployment?.metadata).toMatchObject({ annotations: { 'zerodrop/unchecked': unchecked.because } });
  expect(deployment?.spec).toMatchObject({
    minReadySeconds: 0,
    strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } },
    template: { metadata: { labels: { 'app.kubernetes.io/name': 'web' } } },
  });
  expect(deployment?.spec).not.toHaveProperty('template.metadata.annotations');
  expect(deployment?.spec).toHaveProperty('template.spec.containers[0].env[2]', { name: 'DRAIN_MS', value: '0' });
  const container = 'template.spec.containers[0]';
  expect(deployment?.spec).not.toHaveProperty(`${container}.readinessProbe`);
  expect(deployment?.spec).not.toHaveProperty(`${container}.startupProbe`);
  expect(deployment?.spec).toHaveProperty(`${container}.livenessProbe.initialDelaySeconds`, 60);
});

test('has no reason to give where nothing is unchecked', () => {
  expect(rendered(web).get('Deployment')?.metadata).not.toHaveProperty('annotations');
});

test('hands a drain of half a second to the app in milliseconds', () => {
  const unchecked = { because: 'x', drainSeconds: 0.5 };
  expect(podOf({ ...web, unchecked })).toHaveProperty('template.spec.containers[0].env[2].value', '500');
});

test('opens the port, memory and egress that an app asks for', () => {
  const objects = rendered({ ...web, port: 3000, memory: '1Gi', egress: [{ ports: [{ protocol: 'UDP' }] }] });
  expect(objects.get('NetworkPolicy')?.spec).toMatchObject({
    ingress: [{ ports: [{ port: 3000 }] }, { ports: [{ port: 9090 }] }],
    egress: [{ ports: [{ protocol: 'UDP' }] }],
  });
  expect(objects.get('Service')?.spec).toMatchObject({ ports: [{ port: 80, targetPort: 3000 }] });
  expect(objects.get('Deployment')?.spec).toHaveProperty('template.spec.containers[0].resources.limits', {
    memory: '1Gi',
  });
});

test('admits nobody to the management port where there are no collectors', () => {
  const { ingress } = Object(rendered({ ...web, collectors: [] }).get('NetworkPolicy')?.spec);
  expect(ingress).toEqual([{ ports: [{ port: 8080, protocol: 'TCP' }] }]);
});

test('writes no empty list of egress, which the API server would drop', () => {
  expect(rendered({ ...web, egress: [] }).get('NetworkPolicy')?.spec).not.toHaveProperty('egress');
});

test('keeps probes and metrics on a port that no Service leads to, and only collectors may reach', () => {
  const objects = rendered({ ...web, managementPort: 9100 });
  const container = 'template.spec.containers[0]';
  const deployment = objects.get('Deployment')?.spec;
  expect(deployment).toHaveProperty(`${container}.ports`, [
    { name: 'http', containerPort: 8080, protocol: 'TCP' },
    { name: 'management', containerPort: 9100, protocol: 'TCP' },
  ]);
  expect(deployment).toHaveProperty(`${container}.env[1]`, { name: 'MANAGEMENT_PORT', value: '9100' });
  for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
    expect(deployment).toHaveProperty(`${container}.${probe}.httpGet.port`, 9100);
  }
  expect(objects.get('Service')?.spec).toHaveProperty('ports', [
    { name: 'http', port: 80, protocol: 'TCP', targetPort: 8080 },
  ]);
  const collector = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'gmp-system' } },
    podSelector: { matchLabels: { 'app.kubernetes.io/name': 'collector' } },
  };
  expect(objects.get('NetworkPolicy')?.spec).toHaveProperty('ingress', [
    { ports: [{ port: 8080, protocol: 'TCP' }] },
    { from: [collector], ports: [{ port: 9100, protocol: 'TCP' }] },
  ]);
});

test('lets other collectors in, where an app names them', () => {
  const collectors = [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }];
  expect(rendered({ ...web, collectors }).get('NetworkPolicy')?.spec).toHaveProperty('ingress[1].from', collectors);
});

test('takes variables of its own, after those of the rollout', () => {
  const variable = { name: 'GREETING', value: 'hello' };
  const drain = expect.objectContaining({ name: 'DRAIN_MS' });
  expect(podOf({ ...web, env: { GREETING: 'hello' } })).toMatchObject({
    template: { spec: { containers: [{ env: expect.arrayContaining([drain, variable]) }] } },
  });
});

test('says at once all that is wrong with the rollout and with the container', () => {
  const wrong = { ...web, startupSeconds: 0, port: 70_000, env: { DRAIN_MS: '0' } };
  expect(() => rendered(wrong)).toThrow(
    expect.objectContaining({
      problems: [
        expect.stringContaining('startupSeconds is 0.'),
        expect.stringContaining('port is 70000.'),
        expect.stringContaining('env sets DRAIN_MS,'),
      ],
    }),
  );
});
