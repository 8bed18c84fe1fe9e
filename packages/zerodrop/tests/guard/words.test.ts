import { expect, test } from 'vitest';
import { autoscaler, budget, deployment, policy, service } from './manifests.ts';
import { edited, file, findings, folder, inFolder, swap } from './sample.ts';

const base = file(...folder);
const pod = '      serviceAccountName: web\n';
const job = (restart: string): string =>
  `---\napiVersion: batch/v1\nkind: Job\nmetadata: {name: j, namespace: shop}\nspec: {template: {spec: {restartPolicy: ${restart}, containers: [{name: c, image: r/c}]}}}\n`;
const cron = (schedule: string): string =>
  `---\napiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c, namespace: shop}\nspec: {schedule: "${schedule}", jobTemplate: {spec: {template: {spec: {containers: [{name: c, image: r/c}]}}}}}\n`;

/** What is refused as a value in the folder's file, and what is to be written instead. */
function refusedIn(after: string): readonly string[] {
  return findings(base, after, { profile: 'any' })
    .filter(({ rule }) => rule === 'invalid-value')
    .map(({ what, suggestion }) => (suggestion === null ? what : `${what} => ${suggestion}`));
}

test.each([
  [deployment, 'type: RollingUpdate', 'type: rollingUpdate', 'has type "rollingUpdate" => type: RollingUpdate'],
  [
    deployment,
    '          env:\n',
    '          imagePullPolicy: always\n          env:\n',
    'has imagePullPolicy "always" => imagePullPolicy: Always',
  ],
  [
    deployment,
    '        - name: web\n          image',
    '        - name: Web\n          image',
    'has a container named "Web"',
  ],
  [
    deployment,
    '        app: web\n    spec',
    '        app: web\n        v: "a b"\n    spec',
    'has the label v with the value "a b"',
  ],
  [deployment, '        app: web\n    spec', '        app: web\n        "a b": c\n    spec', 'has a label "a b"'],
  [
    deployment,
    '          livenessProbe:\n',
    '          livenessProbe:\n            successThreshold: 2\n',
    'has successThreshold 2 in its livenessProbe => successThreshold: 1',
  ],
  [
    deployment,
    '          livenessProbe:\n',
    '          livenessProbe:\n            tcpSocket: {port: 8080}\n',
    'asks in several ways with its livenessProbe (httpGet and tcpSocket)',
  ],
  [
    deployment,
    pod,
    `      volumes: [{name: a, emptyDir: {}, configMap: {name: web}}]\n${pod}`,
    'has a volume of several kinds (emptyDir and configMap)',
  ],
  [deployment, '          env:\n', '          volumeMounts: [{name: b, mountPath: /b}]\n          env:\n', null],
  [deployment, pod, `      restartPolicy: Never\n${pod}`, 'has restartPolicy "Never" => restartPolicy: Always'],
  [service, 'type: LoadBalancer', 'type: Loadbalancer', 'has type "Loadbalancer" => type: LoadBalancer'],
  [service, '      port: 80\n', '      port: 80\n      protocol: tcp\n', 'has protocol "tcp" => protocol: TCP'],
  [
    service,
    '      targetPort: 8080\n',
    '      targetPort: 8080\n    - {name: http, port: 81}\n',
    'has two ports of the name http',
  ],
  [
    service,
    '      targetPort: 8080\n',
    '      targetPort: 8080\n    - {port: 81}\n',
    'has several ports, and one without a name',
  ],
  [policy, '    - Ingress\n', '    - ingress\n', 'has policyTypes "ingress" => Ingress'],
  [
    budget,
    '  maxUnavailable: 1\n',
    '  maxUnavailable: 1\n  minAvailable: 1\n',
    'has both minAvailable and maxUnavailable',
  ],
])('refuses a word or a combination that the API server refuses: %#', (document, from, to, what) => {
  expect(refusedIn(inFolder(swap(document, edited(document, from, to))))).toEqual(what === null ? [] : [what]);
});

test('a mount names a volume of its pods', () => {
  const mounting = edited(
    deployment,
    '          env:\n',
    '          volumeMounts: [{name: b, mountPath: /b}]\n          env:\n',
  );
  const after = edited(mounting, pod, `      volumes: [{name: a, emptyDir: {}}]\n${pod}`);
  expect(refusedIn(inFolder(swap(deployment, after)))).toEqual(['mounts b, which is none of its volumes']);
});

test('Jobs end, and schedules have five fields', () => {
  expect(refusedIn(base + job('Always'))).toEqual(['has restartPolicy "Always"']);
  expect(refusedIn(base + job('Never'))).toEqual([]);
  expect(refusedIn(base + cron('every day'))).toEqual(['has the schedule "every day"']);
  for (const schedule of ['0 3 * * *', '*/5 1,2 1-3 JAN MON', '@daily'])
    expect(refusedIn(base + cron(schedule))).toEqual([]);
});

test('an autoscaler has a maximum, above its minimum', () => {
  expect(refusedIn(`${base}---\n${autoscaler(30)}`)).toContain('has minReplicas 30 and maxReplicas 20');
  expect(refusedIn(`${base}---\n${autoscaler(3).replace('  maxReplicas: 20\n', '')}`)).toContain('has no maxReplicas');
  expect(refusedIn(`${base}---\n${autoscaler(3)}`)).toEqual([]);
});
