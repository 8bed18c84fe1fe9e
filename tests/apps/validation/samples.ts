import { googleSamples } from './google-samples.ts';

/** Objects that an API server takes, each of a kind that owners bring. */
export const samples: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  Deployment: {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'web',
      namespace: 'web-production',
      labels: { app: 'web' },
      annotations: { 'example.com/team': 'web' },
    },
    spec: {
      replicas: 3,
      minReadySeconds: 5,
      progressDeadlineSeconds: 120,
      selector: { matchLabels: { app: 'web' } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          terminationGracePeriodSeconds: 30,
          serviceAccountName: 'web',
          imagePullSecrets: [{ name: 'pull' }],
          hostAliases: [{ ip: '10.0.0.1', hostnames: ['database'] }],
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'kubernetes.io/hostname',
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: { matchLabels: { app: 'web' } },
            },
          ],
          volumes: [
            { name: 'files', configMap: { name: 'web' } },
            { name: 'disk', persistentVolumeClaim: { claimName: 'disk' } },
          ],
          initContainers: [{ name: 'migrate', image: 'migrate:v1' }],
          containers: [
            {
              name: 'web',
              image: 'web:v1',
              ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
              env: [
                { name: 'PORT', value: '8080' },
                { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
              ],
              volumeMounts: [{ name: 'files', mountPath: '/files' }],
              resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '256Mi' } },
              startupProbe: { httpGet: { path: '/livez', port: 8080 }, periodSeconds: 1, failureThreshold: 60 },
              readinessProbe: { httpGet: { path: '/readyz', port: 'http' }, periodSeconds: 1, failureThreshold: 3 },
              livenessProbe: { httpGet: { path: '/livez', port: 8080 }, periodSeconds: 10, timeoutSeconds: 5 },
              lifecycle: { preStop: { sleep: { seconds: 5 } } },
            },
          ],
        },
      },
    },
  },
  Service: {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'web-production' },
    spec: {
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Cluster',
      selector: { app: 'web' },
      ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }],
    },
  },
  ConfigMap: {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'web', namespace: 'web-production' },
    data: { 'settings.json': '{}' },
  },
  Secret: {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'web', namespace: 'web-production' },
    data: { token: 'c2FtcGxl' },
  },
  HorizontalPodAutoscaler: {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web', namespace: 'web-production' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 3,
      maxReplicas: 20,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
      ],
    },
  },
  PodDisruptionBudget: {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web', namespace: 'web-production' },
    spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'web' } } },
  },
  NetworkPolicy: {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'web', namespace: 'web-production' },
    spec: {
      podSelector: { matchLabels: { app: 'web' } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ ports: [{ port: 8080, protocol: 'TCP' }], from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }],
    },
  },
  Ingress: {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'web', namespace: 'web-production' },
    spec: {
      rules: [
        {
          host: 'www.example.com',
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }],
          },
        },
      ],
    },
  },
  CronJob: {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'clean', namespace: 'web-production' },
    spec: {
      schedule: '0 3 * * *',
      jobTemplate: {
        spec: {
          template: { spec: { restartPolicy: 'OnFailure', containers: [{ name: 'clean', image: 'clean:v1' }] } },
        },
      },
    },
  },
  StatefulSet: {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'store', namespace: 'web-production' },
    spec: {
      serviceName: 'store',
      replicas: 3,
      selector: { matchLabels: { app: 'store' } },
      template: {
        metadata: { labels: { app: 'store' } },
        spec: {
          containers: [{ name: 'store', image: 'store:v1', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
        },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } } },
        },
      ],
    },
  },
  ResourceQuota: {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'web', namespace: 'web-production' },
    spec: { hard: { pods: '10', 'requests.memory': '4Gi' } },
  },
  Namespace: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'web-production' } },
  AppProject: {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'web', namespace: 'argocd' },
    spec: {
      description: 'web',
      sourceRepos: ['https://github.com/example/zerodrop'],
      destinations: [{ server: 'https://kubernetes.default.svc', namespace: 'web-production' }],
    },
  },
  ...googleSamples,
  Application: {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'web-production', namespace: 'argocd' },
    spec: {
      project: 'web',
      destination: { server: 'https://kubernetes.default.svc', namespace: 'web-production' },
      source: { repoURL: 'https://github.com/example/zerodrop', targetRevision: 'main', path: 'manifests/production' },
      syncPolicy: { retry: { limit: 5, refresh: true } },
    },
  },
};

/** A sample with the value at a path replaced, such as `spec.ports.0.port`; undefined takes it out. */
export function changed(kind: string, path: string, value: unknown): Record<string, unknown> {
  const object = structuredClone(samples[kind]) as Record<string, unknown>;
  const keys = path.split('/');
  const last = keys.pop() ?? '';
  let part: Record<string, unknown> = object;
  for (const key of keys) part = part[key] as Record<string, unknown>;
  part[last] = value;
  return object;
}
