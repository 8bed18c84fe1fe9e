import { expect, test } from 'vitest';
import { folderProblems } from '../../../apps/validate.ts';
import { at } from '../../../apps/validation/grammar.ts';
import type { WebWorkload, Workload } from '../../../apps/workload/schema.ts';
import { image, rendered, web } from './rendered.ts';

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
  { preStop: 'sleep', hook: { sleep: { seconds: 15 } }, grace: 30 },
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
    terminationGracePeriodSeconds: 38,
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
