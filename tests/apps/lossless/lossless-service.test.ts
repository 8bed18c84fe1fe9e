import { App, Chart } from 'cdk8s';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { LosslessService } from '../../../apps/lossless/lossless-service.ts';
import { folderProblems } from '../../../apps/validate.ts';
import { at } from '../../../apps/validation/finding.ts';
import type { WebWorkload, Workload } from '../../../apps/workload/schema.ts';
import { renderYaml } from '../../../apps/yaml.ts';

const image = `example.com/web:v1@sha256:${'0'.repeat(64)}`;
const place = { name: 'web', namespace: 'web-production', image };
const web = { replicas: 3, exposure: 'load-balancer' } as const;

/** The rendered objects by kind, read back from their YAML as Argo CD would. */
function rendered(
  workload: Workload,
  reference: string | null = image,
): ReadonlyMap<string, { readonly metadata: object; readonly spec: object }> {
  const chart = new Chart(new App(), 'chart');
  const { rollout } = new LosslessService(chart, 'any-id', { ...place, image: reference, workload });
  expect(rollout.replicas).toBe(workload.replicas ?? null);
  const documents = parseAllDocuments(renderYaml(['a test'], chart.toJson())).map((document) => document.toJS());
  return new Map(documents.map((document) => [document.kind, document]));
}

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
  expect(rollout).toMatchObject({ drainSeconds: 5, terminationGracePeriodSeconds: 70, maxUnavailable: 0 });
  expect(folderProblems(chart.toJson(), 'payments')).toEqual([]);
});

test('names and selects by the name alone, wherever the construct stands', () => {
  const chart = new Chart(new App(), 'elsewhere', { namespace: 'other', labels: { team: 'x' } });
  expect(new LosslessService(chart, 'moved', { ...place, workload: web }).rollout.replicas).toBe(3);
  const kinds = chart.toJson().map((document) => [document.kind, document.metadata.name, document.metadata.namespace]);
  expect(kinds).toEqual(
    ['ServiceAccount', 'Service', 'Deployment', 'PodDisruptionBudget', 'NetworkPolicy'].map((kind) => [
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

/** What a pod is made of. */
function pod(workload: Workload): unknown {
  return at(rendered(workload).get('Deployment'), 'spec', 'template', 'spec');
}

test('asks a program that is not the example service in its own way, and declares no port that it has not', () => {
  const probes = {
    readiness: { path: '/healthz', timeoutSeconds: 3 },
    liveness: { grpc: 9000, service: 'shop' },
    startup: { exec: ['/bin/ready'] },
  };
  const spec = pod({ ...web, port: 3000, probes });
  expect(spec).toMatchObject({
    containers: [
      {
        ports: [{ name: 'http', containerPort: 3000 }],
        startupProbe: { exec: { command: ['/bin/ready'] }, periodSeconds: 1, failureThreshold: 60 },
        readinessProbe: { httpGet: { path: '/healthz', port: 3000 }, timeoutSeconds: 3 },
        livenessProbe: { grpc: { port: 9000, service: 'shop' }, periodSeconds: 10 },
      },
    ],
  });
  expect(JSON.stringify(spec)).not.toContain('MANAGEMENT_PORT');
  expect(pod({ ...web, probes: { readiness: { tcp: 8080 } } })).toMatchObject({
    containers: [{ startupProbe: { tcpSocket: { port: 8080 } }, readinessProbe: { tcpSocket: { port: 8080 } } }],
  });
});

const hooks: readonly {
  readonly preStop: NonNullable<WebWorkload['preStop']>;
  readonly hook: object;
  readonly grace: number;
}[] = [
  { preStop: 'sleep', hook: { sleep: { seconds: 5 } }, grace: 20 },
  { preStop: { exec: ['drain'], seconds: 30 }, hook: { exec: { command: ['drain'] } }, grace: 45 },
];
test.each(hooks)('drains by a hook where a program can not: $preStop', ({ preStop, hook, grace }) => {
  const spec = pod({ ...web, preStop });
  expect(spec).toMatchObject({ terminationGracePeriodSeconds: grace, containers: [{ lifecycle: { preStop: hook } }] });
  expect(JSON.stringify(spec)).not.toContain('DRAIN_MS');
  expect(folderProblems([...rendered({ ...web, preStop }).values()], 'web-production')).toEqual([]);
});

test('starts sidecars first, then what ends by itself, within the deadline, and lets sidecars end last', () => {
  const spec = pod({
    ...web,
    initContainers: [{ name: 'migrate', image, command: ['migrate'] }],
    sidecars: [{ name: 'proxy', image, startup: { tcp: 5432 }, stopSeconds: 8, env: { LEVEL: 'warn' } }],
    scratch: { '/tmp': '16Mi' },
  });
  expect(spec).toMatchObject({
    terminationGracePeriodSeconds: 28,
    initContainers: [
      {
        name: 'proxy',
        restartPolicy: 'Always',
        env: [{ name: 'LEVEL', value: 'warn' }],
        startupProbe: { tcpSocket: { port: 5432 }, failureThreshold: 30 },
        volumeMounts: [{ mountPath: '/tmp' }],
      },
      { name: 'migrate', command: ['migrate'], securityContext: { readOnlyRootFilesystem: true } },
    ],
  });
  expect(spec).not.toHaveProperty('initContainers[1].restartPolicy');
});

test('runs as the user, with the command, labels and annotations that it is given', () => {
  const objects = rendered({
    ...web,
    user: { uid: 1000, gid: 2000 },
    command: ['/app'],
    args: ['--port', '8080'],
    labels: { team: 'shop' },
    annotations: { 'example.com/scrape': 'true' },
    serviceAnnotations: { 'networking.gke.io/load-balancer-type': 'Internal' },
  });
  const template = at(objects.get('Deployment'), 'spec', 'template');
  expect(template).toMatchObject({
    metadata: {
      labels: { 'app.kubernetes.io/name': 'web', team: 'shop' },
      annotations: { 'example.com/scrape': 'true' },
    },
    spec: {
      securityContext: { runAsUser: 1000, runAsGroup: 2000 },
      containers: [{ command: ['/app'], args: ['--port', '8080'] }],
    },
  });
  expect(at(objects.get('Deployment'), 'spec', 'selector')).toEqual({
    matchLabels: { 'app.kubernetes.io/name': 'web' },
  });
  expect(objects.get('Service')?.metadata).toHaveProperty('annotations', {
    'networking.gke.io/load-balancer-type': 'Internal',
  });
});

test('acts as a service account of Google, and may ask the metadata server for it', () => {
  const account = 'web-app@example-project.iam.gserviceaccount.com';
  const objects = rendered({ ...web, googleServiceAccount: account });
  expect(objects.get('ServiceAccount')?.metadata).toHaveProperty('annotations', {
    'iam.gke.io/gcp-service-account': account,
  });
  expect(objects.get('NetworkPolicy')?.spec).toMatchObject({
    egress: [
      { to: [{ ipBlock: { cidr: '169.254.169.254/32' } }] },
      { to: [{ ipBlock: { cidr: '169.254.169.252/32' } }] },
    ],
  });
});

test('leaves the number of pods to an autoscaler, and keeps it where both are said', () => {
  const { replicas: _, ...exposed } = web;
  const autoscale = { min: 2, max: 9 };
  const objects = rendered({ ...exposed, maxSurge: '25%', autoscale });
  expect(objects.get('HorizontalPodAutoscaler')).toMatchObject({
    apiVersion: 'autoscaling/v2',
    metadata: { annotations: { 'argocd.argoproj.io/ignore-healthcheck': 'true' } },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 2,
      maxReplicas: 9,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
      ],
    },
  });
  expect(objects.get('Deployment')?.spec).not.toHaveProperty('replicas');
  expect(objects.get('Deployment')?.spec).toHaveProperty('strategy.rollingUpdate.maxSurge', '25%');
  expect(rendered({ ...web, autoscale }).get('Deployment')?.spec).toHaveProperty('replicas', 3);
  const byMemory = rendered({ ...web, autoscale: { ...autoscale, targetMemory: 80 } });
  expect(at(byMemory.get('HorizontalPodAutoscaler'), 'spec', 'metrics')).toMatchObject([
    { resource: { name: 'memory', target: { averageUtilization: 80 } } },
  ]);
  expect([...rendered({ ...exposed, autoscale }, null).keys()]).not.toContain('HorizontalPodAutoscaler');
});

test('is a worker that nobody reaches: no Service, no port, no probe unless said', () => {
  const objects = rendered({ replicas: 2, longestJobSeconds: 120 });
  expect([...objects.keys()].toSorted()).toEqual([
    'Deployment',
    'NetworkPolicy',
    'PodDisruptionBudget',
    'ServiceAccount',
  ]);
  const spec = at(objects.get('Deployment'), 'spec', 'template', 'spec');
  expect(spec).toMatchObject({ terminationGracePeriodSeconds: 125 });
  expect(at(spec, 'containers')).toEqual([expect.not.objectContaining({ ports: expect.anything() })]);
  expect(JSON.stringify(spec)).not.toMatch(/Probe|DRAIN_MS|"PORT"/);
  expect(JSON.stringify(spec)).toContain('{"name":"SHUTDOWN_LIMIT_MS","value":"120000"}');
  expect(objects.get('NetworkPolicy')?.spec).not.toHaveProperty('ingress');
});

test('ends the old pod of a worker first that must never run twice', () => {
  const objects = rendered({ replicas: 1, longestJobSeconds: 10, recreate: true });
  expect(objects.get('Deployment')?.spec).toHaveProperty('strategy', { type: 'Recreate' });
});

test('lets collectors reach the metrics of a worker, and asks it by path there', () => {
  const objects = rendered({
    replicas: 2,
    longestJobSeconds: 10,
    managementPort: 9100,
    probes: { liveness: { path: '/livez' } },
  });
  expect(objects.get('NetworkPolicy')?.spec).toHaveProperty('ingress[0].ports[0].port', 9100);
  const spec = at(objects.get('Deployment'), 'spec', 'template', 'spec');
  expect(spec).toHaveProperty('containers[0].livenessProbe.httpGet', { path: '/livez', port: 9100 });
});
