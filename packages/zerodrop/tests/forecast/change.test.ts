import { expect, test } from 'vitest';
import { forecast, type Forecast, forecastOfEach } from '../../src/forecast/change.ts';
import { formats, isBad, verdictOf } from '../../src/forecast/report.ts';
import { budget, configuration, deployment, namespace, service } from '../guard/manifests.ts';
import { edited, file, folder } from '../guard/sample.ts';

const path = 'k8s/web.yaml';
const base = file(...folder);

function of(after: string, before = base): Forecast {
  return forecast(
    before === '' ? new Map() : new Map([[path, before]]),
    after === '' ? new Map() : new Map([[path, after]]),
  );
}

const newImage = deployment.replace('a'.repeat(64), 'b'.repeat(64));
const rolled = base.replace('a'.repeat(64), 'b'.repeat(64));

const standing = (after: string): string => of(after).standing[0]?.why ?? '';
const scaler = (most: number): string => `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec: {minReplicas: 2, maxReplicas: ${most}, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
`;
const quota = (pods: number): string => `apiVersion: v1
kind: ResourceQuota
metadata: {name: all, namespace: shop}
spec: {hard: {pods: ${pods}}}
`;

test('tells what rolls, and what that takes', () => {
  const found = of(rolled);
  expect(found.workloads).toMatchObject([
    {
      workload: 'Deployment shop/web',
      does: 'rolls',
      rollouts: [{ replicas: 3, fewestReady: [3, 3], losses: { expected: 0 } }],
    },
  ]);
  expect(found.workloads[0]?.budgets).toEqual([
    'PodDisruptionBudget shop/web lets 1 pod be evicted while the rollout has its fewest pods ready.',
  ]);
  expect(found.objects).toEqual({ appear: [], change: ['Deployment shop/web'], go: [] });
  expect(isBad(found)).toBe(false);
  expect(verdictOf(found)).toMatch(
    /^1 workload rolls out, complete after \d+ to \d+ s: no request is expected to be lost\.$/,
  );
});

test.each([
  ['replicas', edited(base, 'replicas: 3', 'replicas: 4'), 'scales'],
  ['everything', '', 'goes'],
])('%s that change replace no pod', (_, after, does) => {
  expect(of(after).workloads).toMatchObject([{ does, rollouts: [] }]);
});

test('a new workload appears, and has no request to lose before its first release', () => {
  const found = of(base, '');
  expect(found.workloads).toMatchObject([
    { does: 'appears', rollouts: [{ lastOldPodGoneMs: null, mostPods: [3, 3], losses: { expected: 0 } }] },
  ]);
  expect(isBad(found)).toBe(false);
  expect(verdictOf(found)).toMatch(/: before its first release nothing sends it requests\.$/);
  expect(formats.text(found)).toContain('expected losses     none: nothing sends it requests yet');
});

const becoming = (found: Forecast) => found.workloads.map((one) => [one.does, one.rollouts[0]?.losses.byCause]);

test("a new workload that takes over a Service's requests from one that goes has all of them to lose", () => {
  const renamed = base.replaceAll(
    /kind: Deployment\nmetadata:\n {2}name: web/g,
    'kind: Deployment\nmetadata:\n  name: next',
  );
  expect(renamed).not.toBe(base);
  expect(becoming(of(renamed))).toEqual([
    ['appears', { 'no pod is left': expect.any(Number) }],
    ['goes', undefined],
  ]);
  const beside = `${base}---\n${renamed.slice(renamed.indexOf('apiVersion: apps/v1'))}`;
  expect(becoming(of(beside))[0]).toEqual(['appears', {}]);
});

test('tells what does not roll, and why', () => {
  expect(standing(edited(base, 'greeting: hello', 'greeting: goodbye'))).toContain(
    'its pods read ConfigMap shop/web at their start',
  );
  expect(
    standing(edited(base, '  labels:\n    app: web\nspec:', '  labels:\n    app: web\n    tier: front\nspec:')),
  ).toBe('its pod template stays the same');
  expect(standing(rolled.replace('replicas: 3', 'replicas: 3\n  paused: true'))).toBe('it is paused');
  expect(standing(rolled.replace('replicas: 3', 'replicas: 0'))).toBe('it has 0 replicas');
});

test.each([
  [
    'a default',
    edited(
      base,
      '              containerPort: 8080\n',
      '              containerPort: 8080\n              protocol: TCP\n',
    ),
  ],
  ['an amount in other words', edited(base, 'cpu: 100m', 'cpu: 0.1')],
  [
    'an empty map',
    edited(base, '      serviceAccountName: web\n', '      serviceAccountName: web\n      securityContext: {}\n'),
  ],
])('%s in a pod template rolls nothing', (_, after) => {
  expect(of(after).workloads).toEqual([]);
});

test('an autoscaler is forecast at its fewest and its most', () => {
  const scaled = base.replace('  replicas: 3\n', '');
  const found = of(file(scaled.replace('a'.repeat(64), 'b'.repeat(64)), scaler(6)), file(scaled, scaler(6)));
  expect(found.workloads[0]?.rollouts.map(({ replicas }) => replicas)).toEqual([2, 6]);
});

test('an autoscaler that has scaled to nothing rolls nothing, and pods that were not there lose nothing', () => {
  const scaled = base.replace('  replicas: 3\n', '');
  const keda = `apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: web, namespace: shop}
spec: {minReplicaCount: 0, maxReplicaCount: 4, scaleTargetRef: {name: web}}
`;
  const found = of(file(scaled.replace('a'.repeat(64), 'b'.repeat(64)), keda), file(scaled, keda));
  expect(found.workloads[0]?.rollouts.map(({ replicas }) => replicas)).toEqual([4]);
  const woken = of(rolled, edited(base, 'replicas: 3', 'replicas: 0'));
  expect(woken.workloads[0]?.rollouts[0]?.losses.expected).toBe(0);
});

const withPartition = (image: string): string => `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  replicas: 3
  updateStrategy: {rollingUpdate: {partition: 3}}
  selector: {matchLabels: {app: db}}
  template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, image: '${image}'}]}}
`;

test('a partition of all pods keeps them', () => {
  expect(of(withPartition('db:2'), withPartition('db:1'))).toMatchObject({
    workloads: [],
    standing: [{ workload: 'StatefulSet shop/db', why: 'its partition of 3 keeps every pod as it is' }],
  });
});

const withInit = (image: string, ...containers: readonly string[]): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: jobs, namespace: shop}
spec:
  strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
  selector: {matchLabels: {app: jobs}}
  template:
    metadata: {labels: {app: jobs}}
    spec:
      initContainers: [${containers.join(', ')}]
      containers: [{name: jobs, image: '${image}', resources: {requests: {cpu: 100m}}}]
`;

const cpuOf = (...containers: readonly string[]): number | undefined =>
  of(withInit('jobs:2', ...containers), withInit('jobs:1', ...containers)).workloads[0]?.rollouts[0]?.additionalCpu;

test('an init container requests beside the native sidecars that were started before it', () => {
  const sidecar = `{name: side, image: 's:1', restartPolicy: Always, resources: {requests: {cpu: 300m}}}`;
  const init = `{name: init, image: 'i:1', resources: {requests: {cpu: 200m}}}`;
  expect(cpuOf(sidecar, init)).toBeCloseTo(0.5);
  expect(cpuOf(init, sidecar)).toBeCloseTo(0.4);
});

test('tells of a quota that has no room for pods that are still ending', () => {
  const found = forecast(
    new Map([
      [path, base],
      ['platform/quota.yaml', quota(4)],
    ]),
    new Map([
      [path, rolled],
      ['platform/quota.yaml', quota(4)],
    ]),
  );
  expect(found.quotas).toEqual([
    expect.stringMatching(/^ResourceQuota shop\/all allows pods 4, and the rollout may need [56] /),
  ]);
  expect(isBad(found)).toBe(true);
  expect(of(file(rolled, quota(8)), file(base, quota(8))).quotas).toEqual([]);
});

test('several workloads roll at once, each by its own order', () => {
  const set = `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: 'db:1', ports: [{containerPort: 5432}]}]}
`;
  const agent = set.replaceAll('db', 'agent').replace('StatefulSet', 'DaemonSet').replace('  replicas: 3\n', '');
  const both = (version: number): string => file(deployment, set, agent).replaceAll(/(db|agent):1/g, `$1:${version}`);
  const found = of(both(2), both(1));
  expect(found.workloads.map(({ workload, does }) => `${workload} ${does}`)).toEqual([
    'StatefulSet shop/db rolls',
    'DaemonSet shop/agent rolls',
  ]);
  expect(found.standing).toEqual([{ workload: 'Deployment shop/web', why: 'its pod template stays the same' }]);
  expect(found.workloads.map(({ rollouts }) => rollouts[0]?.fewestReady)).toEqual([
    [2, 2],
    [2, 2],
  ]);
  expect(isBad(found)).toBe(true);
});

test('forecasts each workload of a state as if its image were new', () => {
  const [found] = forecastOfEach(new Map([[path, file(namespace, service, newImage, budget, configuration)]]));
  expect(found?.rollouts[0]?.completeMs).toEqual(of(rolled).workloads[0]?.rollouts[0]?.completeMs);
});

test('Markdown begins with the verdict, and no word of a file means anything in it', () => {
  const [title, , verdict] = formats.markdown(of(rolled)).split('\n');
  expect([title, verdict]).toEqual(['### Forecast', expect.stringMatching(/^✅ 1 workload rolls out, complete after/)]);
  expect(formats.markdown(of(base))).toContain('Nothing changes.');
  expect(JSON.parse(formats.json(of(rolled)))).toMatchObject({
    schema: 1,
    isBad: false,
    verdict: expect.stringContaining('rolls out'),
  });
  const bold = base.replaceAll('name: web\n', "name: 'w**b'\n");
  expect(formats.markdown(of(bold.replace('a'.repeat(64), 'b'.repeat(64)), bold))).not.toMatch(/\| [^|]*w\*\*b/);
});
