import { expect, test } from 'vitest';
import { deployment } from './manifests.ts';
import { edited, file, findings, folder, inContainer, inFolder, object, swap, within } from './sample.ts';

const base = file(...folder);
const said = (after: string): readonly string[] =>
  findings(base, after, { profile: 'any' })
    .filter(({ rule }) => rule === 'invalid-value')
    .map(({ what, fix, suggestion }) => `${what}. ${fix}${suggestion === null ? '' : ` => ${suggestion}`}`);
const pods = (changed: string): readonly string[] => said(inFolder(swap(deployment, changed)));
const added = (...more: readonly string[]): readonly string[] => said(file(...folder, ...more));

const label = 'Use up to 63 letters, digits, - _ and ., with a letter or digit at both ends.';
const image = `a@sha256:${'a'.repeat(64)}`;
const template = (spec: string, metadata = ''): string =>
  `template: {metadata: {labels: {app: x}${metadata}}, spec: {${spec}containers: [{name: a, image: "${image}"}]}}`;
const service = (spec: string): string => object('v1 Service', 'x', `spec: {ports: [{port: 80}], ${spec}}`);
const stateful = (spec: string): string =>
  object('apps/v1 StatefulSet', 'x', `spec: {selector: {matchLabels: {app: x}}, ${spec}, ${template('')}}`);
const daemon = (spec: string): string =>
  object('apps/v1 DaemonSet', 'x', `spec: {selector: {matchLabels: {app: x}}, ${spec}, ${template('')}}`);
const job = (restart: string): string =>
  object('batch/v1 Job', 'x', `spec: {${template(`restartPolicy: ${restart}, `)}}`);
const cron = (schedule: string, restart = 'Never'): string =>
  object(
    'batch/v1 CronJob',
    'x',
    `spec: {schedule: "${schedule}", jobTemplate: {spec: {${template(`restartPolicy: ${restart}, `)}}}}`,
  );
const scaler = (spec: string): string => object('autoscaling/v2 HorizontalPodAutoscaler', 'x', `spec: {${spec}}`);

test.each([
  [
    service('type: Clusterip'),
    'has type "Clusterip". Use ClusterIP, NodePort, LoadBalancer, ExternalName. => type: ClusterIP',
  ],
  [service('externalTrafficPolicy: Node'), 'has externalTrafficPolicy "Node". Use Cluster, Local.'],
  [
    service('internalTrafficPolicy: Loca'),
    'has internalTrafficPolicy "Loca". Use Cluster, Local. => internalTrafficPolicy: Local',
  ],
  [service('sessionAffinity: 1'), 'has sessionAffinity 1. Use None, ClientIP.'],
  [daemon('updateStrategy: {type: Rolling}'), 'has type "Rolling". Use RollingUpdate, OnDelete.'],
  [daemon('updateStrategy: {type: Ondelete}'), 'has type "Ondelete". Use RollingUpdate, OnDelete. => type: OnDelete'],
  [
    stateful('updateStrategy: {type: RollingUpdates}'),
    'has type "RollingUpdates". Use RollingUpdate, OnDelete. => type: RollingUpdate',
  ],
  [
    stateful('podManagementPolicy: OrderdReady'),
    'has podManagementPolicy "OrderdReady". Use OrderedReady, Parallel. => podManagementPolicy: OrderedReady',
  ],
  [job('Always'), 'has restartPolicy "Always". Use OnFailure, Never, the only ones of a Job.'],
  [cron('0 3 * * *', 'Allways'), 'has restartPolicy "Allways". Use OnFailure, Never, the only ones of a Job.'],
  [cron('0 3 * *'), 'has the schedule "0 3 * *". Write five fields, such as "0 3 * * *".'],
  [cron('0 3 * * * *'), 'has the schedule "0 3 * * * *". Write five fields, such as "0 3 * * *".'],
  [cron('x @daily'), 'has the schedule "x @daily". Write five fields, such as "0 3 * * *".'],
  [scaler('minReplicas: 1'), 'has no maxReplicas. Set maxReplicas.'],
  [
    scaler('minReplicas: 3, maxReplicas: 2'),
    'has minReplicas 3 and maxReplicas 2. Set minReplicas to maxReplicas or less.',
  ],
  [
    object(
      'policy/v1 PodDisruptionBudget',
      'x',
      'spec: {minAvailable: 1, maxUnavailable: 1, selector: {matchLabels: {app: x}}}',
    ),
    'has both minAvailable and maxUnavailable. Keep one of them.',
  ],
  [
    object(
      'networking.k8s.io/v1 NetworkPolicy',
      'x',
      'spec: {podSelector: {matchLabels: {app: x}}, policyTypes: [Ingres]}',
    ),
    'has policyTypes "Ingres". Use Ingress, Egress. => Ingress',
  ],
  [
    object('v1 Service', 'x', 'spec: {ports: [{name: a, port: 80}, {name: a, port: 81}]}'),
    'has two ports of the name a. Give each port a name of its own. '.trim(),
  ],
  [
    object('v1 Service', 'x', 'spec: {ports: [{name: a, port: 80}, {port: 81}]}'),
    'has several ports, and one without a name. Give each port a name of its own.',
  ],
  [
    object('v1 Service', 'x', 'spec: {ports: [{port: 80, protocol: tcp}]}'),
    'has protocol "tcp". Use TCP, UDP, SCTP. => protocol: TCP',
  ],
  [
    object('v1 ConfigMap', 'x', 'data: {}').replace('shop}', 'shop, labels: {a: "b c"}}'),
    `has the label a with the value "b c". ${label}`,
  ],
  [
    object('v1 ConfigMap', 'x', 'data: {}').replace('shop}', 'shop, labels: {"a b": c}}'),
    `has a label "a b". ${label}`,
  ],
  [
    object('v1 ConfigMap', 'x', 'data: {}').replace('shop}', 'shop, labels: {example.com/-a: c}}'),
    `has a label "example.com/-a". ${label}`,
  ],
  [object('v1 ConfigMap', 'x', 'data: {"a b": c}'), 'has the key "a b". Use letters, digits, - _ and . in it.'],
  [
    object('v1 ConfigMap', 'X', 'data: {}'),
    'has a name that Kubernetes does not take. Use up to 253 small letters, digits, - and ., with a letter or digit at both ends.',
  ],
  [
    object('v1 Service', 'x.y', 'spec: {ports: [{port: 80}]}'),
    'has a name that Kubernetes does not take. Use up to 63 small letters, digits and -, with a letter or digit at both ends.',
  ],
])('refused: %s', (text, sentence) => {
  expect(added(text)).toEqual([sentence]);
});

const refusedPods: readonly (readonly [string, string])[] = [
  [
    within('      restartPolicy: Never\n'),
    'has restartPolicy "Never". Use Always, the only ones of a Deployment. => restartPolicy: Always',
  ],
  [
    within('      volumes: [{name: v, emptyDir: {}, configMap: {name: web}}]\n'),
    'has a volume of several kinds (emptyDir and configMap). Keep one of them.',
  ],
  [
    inContainer('          imagePullPolicy: Allways\n'),
    'has imagePullPolicy "Allways". Use Always, IfNotPresent, Never. => imagePullPolicy: Always',
  ],
  [
    edited(
      deployment,
      '              containerPort: 8080\n',
      '              containerPort: 8080\n              protocol: HTTP\n',
    ),
    'has protocol "HTTP". Use TCP, UDP, SCTP.',
  ],
  [
    edited(
      within('      volumes: [{name: v, emptyDir: {}}]\n'),
      '          readinessProbe:\n',
      '          volumeMounts: [{name: w, mountPath: /w}]\n          readinessProbe:\n',
    ),
    'mounts w, which is none of its volumes. Name a volume of the pod.',
  ],
  [
    deployment.replace('- name: web\n          image', '- name: Web\n          image'),
    'has a container named "Web". Use up to 63 small letters, digits and -.',
  ],
  [
    deployment.replace('- name: web\n          image', '- name: web_a\n          image'),
    'has a container named "web_a". Use up to 63 small letters, digits and -.',
  ],
  ...['exec: {command: [a]}', 'grpc: {port: 1}', 'tcpSocket: {port: 1}'].map((handler): readonly [string, string] => [
    edited(deployment, '          livenessProbe:\n', `          livenessProbe:\n            ${handler}\n`),
    `asks in several ways with its livenessProbe (${handler.split(':')[0] === 'tcpSocket' ? 'httpGet and tcpSocket' : `${handler.split(':')[0] ?? ''} and httpGet`}). Keep one of them.`,
  ]),
  [
    edited(deployment, '          livenessProbe:\n', '          livenessProbe:\n            successThreshold: 2\n'),
    'has successThreshold 2 in its livenessProbe. Set it to 1. => successThreshold: 1',
  ],
  [
    edited(deployment, '          readinessProbe:\n', '          readinessProbe:\n            successThreshold: 0\n'),
    'has successThreshold 0 in its readinessProbe. Set it to 1. => successThreshold: 1',
  ],
];

test.each(refusedPods)('refused in pods, no. %#', (changed, sentence) => {
  expect(pods(changed)).toEqual([sentence]);
});

test.each([
  [service('type: ExternalName, externalName: a.example')],
  [service('externalTrafficPolicy: Local, internalTrafficPolicy: Cluster, sessionAffinity: None')],
  [stateful('updateStrategy: {type: OnDelete}, podManagementPolicy: Parallel')],
  [daemon('updateStrategy: {type: RollingUpdate}')],
  [job('OnFailure')],
  [cron('@daily')],
  [cron(' 0  3 * * 1-5 ')],
  [scaler('minReplicas: 2, maxReplicas: 2')],
  [scaler('maxReplicas: 2')],
  [object('v1 ConfigMap', 'x', 'data: {}').replace('shop}', 'shop, labels: {example.com/a_b.c: "", a: B-2}}')],
  [object('v1 Service', 'x', 'spec: {ports: [{port: 80}, {port: 81}]}')],
  [object('policy/v1 PodDisruptionBudget', 'x', 'spec: {minAvailable: 1, selector: {matchLabels: {app: x}}}')],
])('not refused: %s', (text) => {
  expect(added(text)).toEqual([]);
});

test.each([
  [within('      restartPolicy: Always\n')],
  [within('      volumes: [{name: v, emptyDir: {}, configMap: null}]\n')],
  [inContainer('          imagePullPolicy: IfNotPresent\n')],
  [inContainer('          imagePullPolicy: Never\n')],
  [inContainer('          volumeMounts: [{name: w, mountPath: /w}]\n')],
  [edited(deployment, '          readinessProbe:\n', '          readinessProbe:\n            successThreshold: 2\n')],
])('not refused in pods, no. %#', (changed) => {
  expect(pods(changed)).toEqual([]);
});

const mounting = (mounted: string): string =>
  object(
    'apps/v1 StatefulSet',
    'x',
    `spec: {selector: {matchLabels: {app: x}}, volumeClaimTemplates: [{metadata: {name: data}}], template: {metadata: {labels: {app: x}}, spec: {volumes: [{name: v, emptyDir: {}}], containers: [{name: a, image: "${image}", volumeMounts: [{name: ${mounted}, mountPath: /a}]}]}}}`,
  );

test('a claim of a StatefulSet is a volume of its pods, for each of them', () => {
  expect(added(mounting('data'))).toEqual([]);
  expect(added(mounting('dat'))).toEqual(['mounts dat, which is none of its volumes. Name a volume of the pod.']);
});
