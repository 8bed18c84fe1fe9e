import { describe, expect, test } from 'vitest';
import { judge } from '../../src/guard/index.ts';
import { missingPods } from '../../src/guard/rules/workloads/rollout.ts';
import { autoscaler, budget, deployment, scaled } from './manifests.ts';
import { adding, changing, edited, findings, inFolder, rulesOf, swap } from './sample.ts';

/** The Deployment with one part replaced. */
const having = (from: string, to: string): string => edited(deployment, from, to);
const replicas = (count: number | string): string => having('replicas: 3', `replicas: ${count}`);
const whole = (one: string, ...more: readonly string[]): string => inFolder(swap(deployment, one), ...more);
const budgeted = (spec: string): string => edited(budget, '  maxUnavailable: 1\n', `  ${spec}\n`);
const keda = (spec: string): string =>
  `apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: web, namespace: shop}\nspec: {scaleTargetRef: {name: web}, ${spec}}\n`;
const set = (name: string, spec: string): string =>
  `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: ${name}, namespace: shop}\nspec:\n  ${spec}\n  selector: {matchLabels: {app: ${name}}}\n  template:\n    metadata: {labels: {app: ${name}}}\n    spec:\n      containers: [{name: a, image: "a@sha256:${'a'.repeat(64)}", ports: [{containerPort: 1}], readinessProbe: {tcpSocket: {port: 1}}}]\n`;

const kept = (least: number, spec: string): string =>
  inFolder((one) => (one === deployment ? scaled : one === budget ? budgeted(spec) : one), autoscaler(least));

const local = (one: string): string =>
  one.replace('  type: LoadBalancer\n', '  type: LoadBalancer\n  externalTrafficPolicy: Local\n');

describe('how many pods there are', () => {
  test.each([
    ['2 of 3', whole(deployment), whole(replicas(2)), []],
    ['1 of 3', whole(deployment), whole(replicas(1)), ['replicas-lost']],
    ['0 of 3', whole(deployment), whole(replicas(0)), ['replicas-lost']],
    ['0 of 1', whole(replicas(1)), whole(replicas(0)), ['replicas-lost']],
    ['1 of 1', whole(replicas(1)), whole(replicas(1).replace('1.2.3@', '1.2.4@')), []],
    ['none of 3', whole(deployment), whole(scaled), ['replicas-lost']],
    ['none of 1', whole(replicas(1)), whole(scaled), []],
    ['2 of 8', whole(replicas(8)), whole(replicas(2)), ['capacity-cut']],
    ['4 of 8', whole(replicas(8)), whole(replicas(4)), []],
    ['3 of 8', whole(replicas(8)), whole(replicas(3)), ['capacity-cut']],
    ['2 of 4', whole(replicas(4)), whole(replicas(2)), []],
    ['fewer at most', whole(scaled, autoscaler(2, 20)), whole(scaled, autoscaler(2, 9)), ['capacity-cut']],
    ['half at most', whole(scaled, autoscaler(2, 20)), whole(scaled, autoscaler(2, 10)), []],
    ['one at least', whole(scaled, autoscaler(2)), whole(scaled, autoscaler(1)), ['replicas-lost']],
    ['fewer at least', whole(scaled, autoscaler(9)), whole(scaled, autoscaler(2)), []],
    [
      'an autoscaler that says no minimum',
      whole(scaled, autoscaler(2)),
      whole(scaled, autoscaler(2).replace('  minReplicas: 2\n', '')),
      ['replicas-lost'],
    ],
    [
      'KEDA that says no minimum',
      whole(scaled, keda('minReplicaCount: 2')),
      whole(scaled, keda('maxReplicaCount: 90')),
      ['replicas-lost'],
    ],
    [
      'KEDA for another kind',
      whole(scaled, keda('minReplicaCount: 2')),
      whole(scaled, keda('minReplicaCount: 2').replace('{name: web},', '{name: web, kind: StatefulSet},')),
      ['replicas-lost'],
    ],
    [
      'an autoscaler of another namespace',
      whole(scaled, autoscaler(3)),
      whole(scaled, autoscaler(3).replace('namespace: shop', 'namespace: other')),
      ['replicas-lost'],
    ],
  ])('%s', (_name, before, after, rules) => {
    expect(rulesOf(before, after)).toEqual(rules);
  });

  test.each([
    [
      'a new Deployment of one',
      whole(
        deployment,
        deployment
          .replace('name: web\n', 'name: api\n')
          .replaceAll('app: web', 'app: api')
          .replace('replicas: 3', 'replicas: 1'),
      ),
      ['replicas-lost'],
    ],
    ['a new store of one', inFolder((one) => one, set('db', 'replicas: 1')), []],
    ['a new store of three', inFolder((one) => one, set('db', 'replicas: 3')), []],
  ])('%s', (_name, after, rules) => {
    expect(rulesOf(whole(deployment), after)).toEqual(rules);
  });

  test('tells what a number was, and where it stands', () => {
    expect(findings(whole(deployment), whole(replicas(1)))[0]).toMatchObject({
      what: 'asks for 1 replica (was 3)',
      object: 'Deployment shop/web',
    });
    expect(findings(whole(deployment), whole(scaled))[0]).toMatchObject({
      what: 'leaves replicas unset (was 3), so Kubernetes sets 1',
    });
    expect(findings(whole(scaled, autoscaler(2)), whole(scaled, autoscaler(1)))[0]).toMatchObject({
      what: 'lets Deployment shop/web shrink to 1 pod',
      object: 'HorizontalPodAutoscaler shop/web',
    });
    expect(findings(whole(replicas(8)), whole(replicas(2)))[0]).toMatchObject({
      what: 'runs at most 2 pods instead of 8',
      pods: 6,
    });
    expect(findings(whole(scaled, autoscaler(2, 20)), whole(scaled, autoscaler(2, 4)))[0]).toMatchObject({
      what: 'lets Deployment shop/web have at most 4 pods instead of 20',
    });
    expect(findings(whole(deployment), whole(scaled, autoscaler(3)))[0]).toMatchObject({
      what: 'hands its 3 replicas over to an autoscaler that does not own the field yet',
    });
  });
});

describe('budgets', () => {
  test.each([
    ['maxUnavailable: 0', 'disruptions-blocked', 'has maxUnavailable 0'],
    ['maxUnavailable: 0%', 'disruptions-blocked', 'has maxUnavailable 0%'],
    ['minAvailable: 100%', 'disruptions-blocked', 'has minAvailable 100%'],
    ['minAvailable: 3', 'disruptions-blocked', 'keeps 3 of 3 pods'],
    ['minAvailable: 70%', 'disruptions-blocked', 'keeps 70% of 3 pods'],
    ['minAvailable: 4', 'disruptions-blocked', 'keeps 4 of 3 pods'],
    ['minAvailable: 0', 'budget-lost', 'has minAvailable 0 for 3 pods'],
    ['minAvailable: 0%', 'budget-lost', 'has minAvailable 0% for 3 pods'],
    ['maxUnavailable: 100%', 'budget-lost', 'has maxUnavailable 100% for 3 pods'],
    ['maxUnavailable: 3', 'budget-lost', 'has maxUnavailable 3 for 3 pods'],
    ['maxUnavailable: 67%', 'budget-lost', 'has maxUnavailable 67% for 3 pods'],
  ])('%s', (spec, rule, what) => {
    expect(findings(whole(deployment), inFolder(swap(budget, budgeted(spec))))).toMatchObject([{ rule, what }]);
  });

  test.each(['maxUnavailable: 2', 'minAvailable: 2', 'minAvailable: 1', 'minAvailable: 66%', 'maxUnavailable: 34%'])(
    'lets %s pass',
    (spec) => {
      expect(changing(budget, budgeted(spec))).toEqual([]);
    },
  );

  test('counts the pods that an autoscaler leaves, and those of all that it selects', () => {
    expect(rulesOf(kept(4, 'minAvailable: 3'), kept(3, 'minAvailable: 3'))).toEqual(['disruptions-blocked']);
    expect(rulesOf(kept(5, 'minAvailable: 3'), kept(4, 'minAvailable: 3'))).toEqual([]);
    const second = deployment.replace('name: web\n', 'name: more\n').replace('replicas: 3', 'replicas: 2');
    expect(
      rulesOf(
        whole(deployment, second),
        inFolder((one) => (one === budget ? budgeted('minAvailable: 4') : one), second),
      ),
    ).toEqual([]);
  });

  test('says nothing of a budget that was useless before, or whose workload goes as well', () => {
    const useless = inFolder(swap(budget, budgeted('maxUnavailable: 0')));
    expect(rulesOf(useless, useless.replace('1.2.3@', '1.2.4@'))).toEqual([]);
    const bare = inFolder((one) => (one === budget ? '' : one)).replace('---\n---\n', '---\n');
    expect(rulesOf(bare, bare.replace('1.2.3@', '1.2.4@'))).toEqual([]);
  });

  test('a label that a budget needs', () => {
    const labelled = having(
      '      labels:\n        app: web\n',
      '      labels:\n        app: web\n        keep: "1"\n',
    );
    const held = budget.replace('app: web', 'keep: "1"');
    const before = inFolder((one) => (one === deployment ? labelled : one === budget ? held : one));
    expect(rulesOf(before, before.replace('        keep: "1"\n    spec', '    spec'))).toEqual(['budget-lost']);
  });
});

describe('rollouts', () => {
  test.each([
    [1, 0, 3, 0],
    ['25%', '25%', 3, 0],
    ['25%', '25%', 4, 1],
    ['0%', '25%', 3, 1],
    [0, 0, 3, 1],
    [0, 0, 0, 0],
    [1, '34%', 3, 1],
    [1, 5, 3, 3],
  ])('surge %s, unavailable %s of %d: %d missing', (surge, unavailable, pods, missing) => {
    expect(missingPods(surge, unavailable, pods)).toBe(missing);
  });

  test.each([
    [
      'recreating',
      having(
        '    type: RollingUpdate\n    rollingUpdate:\n      maxSurge: 1\n      maxUnavailable: 0\n',
        '    type: Recreate\n',
      ),
      ['max-unavailable'],
    ],
    ['pausing', having('  minReadySeconds: 5\n', '  minReadySeconds: 5\n  paused: true\n'), ['rollout-paused']],
    ['a hidden tag', having(/@sha256:a+/.exec(deployment)?.[0] ?? '', ''), ['image-unpinned']],
  ])('%s', (_name, after, rules) => {
    expect(changing(deployment, after)).toEqual(rules);
  });

  test.each([
    ['updateStrategy: {type: OnDelete}', ['rollout-paused']],
    ['updateStrategy: {rollingUpdate: {partition: 3}}', ['rollout-paused']],
    ['updateStrategy: {rollingUpdate: {partition: 1}}', ['rollout-paused (warn)']],
    ['updateStrategy: {rollingUpdate: {partition: 0}}', []],
    ['updateStrategy: {rollingUpdate: {maxUnavailable: 2}}', ['max-unavailable']],
    ['updateStrategy: {rollingUpdate: {maxUnavailable: 1}}', []],
    ['persistentVolumeClaimRetentionPolicy: {whenScaled: Delete}', ['data-lost']],
    ['persistentVolumeClaimRetentionPolicy: {whenDeleted: Retain}', []],
  ])('a StatefulSet with %s', (spec, rules) => {
    expect(adding(set('db', `replicas: 3\n  ${spec}`))).toEqual(rules);
  });

  test('the grace period holds the drain, the open requests and slack', () => {
    expect(changing(deployment, having('PeriodSeconds: 20', 'PeriodSeconds: 19'))).toEqual(['grace-too-short']);
    const limited = having(
      '            - name: GREETING\n',
      '            - name: SHUTDOWN_LIMIT_MS\n              value: "4000"\n            - name: GREETING\n',
    );
    expect(changing(deployment, limited.replace('PeriodSeconds: 20', 'PeriodSeconds: 14'))).toEqual([]);
    expect(changing(deployment, limited.replace('PeriodSeconds: 20', 'PeriodSeconds: 13'))).toEqual([
      'grace-too-short',
    ]);
    expect(changing(deployment, having('value: "5000"', 'value: "9000"'))).toEqual(['grace-too-short']);
    expect(changing(deployment, having('      terminationGracePeriodSeconds: 20\n', ''))).toEqual([]);
  });

  test('a load balancer that looks at nodes needs a longer drain', () => {
    expect(
      rulesOf(
        inFolder((one) => one),
        inFolder(local),
      ).toSorted(),
    ).toEqual(['drain-too-short', 'service-type-changed']);
  });
});

const two = (first: string, second: string) =>
  new Map([
    ['a/web.yaml', first],
    ['b/web.yaml', second],
  ]);

test('what is suggested is the former value of the same folder, and not of another one with the same object', () => {
  const newImage = whole(having('replicas: 3', 'replicas: 9').replace('1.2.3@', '1.2.4@'));
  const found = judge(two(whole(replicas(9)), whole(deployment)), two(newImage, whole(replicas(1))), {
    profile: 'lossless',
  }).findings.filter(({ rule }) => rule === 'replicas-lost');
  expect(found.map(({ path, suggestion }) => [path, suggestion])).toEqual([['b/web.yaml', 'replicas: 3']]);
});
