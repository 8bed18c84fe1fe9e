import { describe, expect, test } from 'vitest';
import { judge } from '../../../src/guard/index.ts';
import { application, autoscaler, deployment, project, service } from '../manifests.ts';
import { adding, argo, changing, edited, file, folder, inFolder, rulesOf, swap } from '../sample.ts';

/** What is said of documents that come to a folder that an Application of a project applies. */
function applied(...more: readonly string[]): readonly string[] {
  const argoCd = ['argocd/web.yaml', file(application, project)] as const;
  const path = 'manifests/production/web.yaml';
  const [before, after] = [file(...folder), file(...folder, ...more)].map((text) => new Map([argoCd, [path, text]]));
  return judge(before ?? new Map(), after ?? new Map(), { profile: 'lossless' }).findings.map(({ rule }) => rule);
}

const annotated = (text: string, annotation: string): string =>
  edited(text, '  namespace: shop\n', `  namespace: shop\n  annotations: {${annotation}}\n`);

const job = (more: string): string =>
  `apiVersion: batch/v1\nkind: Job\nmetadata: {name: j, namespace: shop}\nspec: {${more}template: {spec: {containers: []}}}\n`;

const set = (image: string): string =>
  `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db, namespace: shop}\nspec: {selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, image: "${image}@sha256:${'a'.repeat(64)}"}]}}}\n`;

describe('what the project permits', () => {
  test('G1: a kind or a namespace that it does not have', () => {
    const scaled = autoscaler(3).replace('name: web}\n  min', 'name: other}\n  min');
    expect(applied(scaled)).toEqual(['project-refuses']);
    expect(applied('apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a, namespace: kube-system}\n')).toEqual([
      'project-refuses',
    ]);
    expect(applied('apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\n')).toEqual([
      'project-refuses',
    ]);
    expect(applied('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: b}\n')).toEqual([]);
  });

  test('refuses to permit less than what is used, or more than what is needed', () => {
    expect(
      argo([application, project], [application, edited(project, '    - group: apps\n      kind: Deployment\n', '')]),
    ).toEqual(['project-narrowed']);
    expect(argo([application, project], [application, edited(project, 'kind: Deployment', 'kind: "*"')])).toContain(
      'project-widened',
    );
    expect(argo([application, project], [application, `${project}    - group: ""\n      kind: Event\n`])).toEqual([
      'project-widened',
    ]);
  });

  test('refuses a pod of git, and lets the project permit those of a Deployment', () => {
    const permitted = edited(
      project,
      '    - group: apps\n      kind: Deployment\n',
      '    - group: apps\n      kind: Deployment\n    - group: apps\n      kind: ReplicaSet\n    - group: ""\n      kind: Pod\n',
    );
    expect(argo([application, project], [application, permitted])).toEqual([]);
    expect(adding('apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\nspec: {containers: []}\n')).toEqual(
      ['made-by-controllers'],
    );
  });
});

describe('hooks and waves', () => {
  test.each([
    ['G6 a hook of Helm', service, 'helm.sh/hook: pre-upgrade', ['hook-added', 'sync-waits']],
    ['G6 a weight of Helm', service, 'helm.sh/hook-weight: "5"', ['sync-waits']],
    ['a test of Helm', service, 'helm.sh/hook: test', ['hook-added']],
    ['a definition of Helm', service, 'helm.sh/hook: crd-install', []],
    ['a hook of a failed sync', deployment, 'argocd.argoproj.io/hook: SyncFail', ['hook-added']],
    ['a phase that nobody knows', service, 'argocd.argoproj.io/hook: PostDelete', ['hook-added']],
    ['an object that is skipped', service, 'argocd.argoproj.io/hook: Skip', ['hook-added']],
    ['a wave', service, 'argocd.argoproj.io/sync-wave: "1"', ['sync-waits']],
    ['a wave that is no number', service, 'argocd.argoproj.io/sync-wave: first', []],
    ['replacing', service, 'argocd.argoproj.io/sync-options: "Replace=true"', ['replace-or-force']],
  ])('%s', (_name, document, annotation, rules) => {
    expect(
      changing(
        document,
        deployment === document
          ? document.replace('  namespace: shop\n', `  namespace: shop\n  annotations: {${annotation}}\n`)
          : annotated(document, annotation),
      ).toSorted(),
    ).toEqual(rules.toSorted());
  });

  test('G8: a Job that deletes itself', () => {
    expect(adding(job('ttlSecondsAfterFinished: 60, '))).toEqual(['job-reruns (warn)']);
    expect(adding(job(''))).toEqual([]);
  });
});

describe('other workloads', () => {
  test('G9: tells that a revert does not replace a broken pod of a StatefulSet', () => {
    const [before, after] = ['db:1', 'db:2'].map((image) => new Map([['m/db.yaml', set(image)]]));
    const { findings, notes } = judge(before ?? new Map(), after ?? new Map(), { profile: 'lossless' });
    expect(findings).toEqual([]);
    expect(notes).toEqual([expect.stringContaining('a revert does not replace that pod')]);
  });

  test('G11: judges a Rollout of Argo Rollouts', () => {
    const rollout = deployment
      .replace('apps/v1', 'argoproj.io/v1alpha1')
      .replace('kind: Deployment', 'kind: Rollout')
      .replace('  strategy:\n    type: RollingUpdate\n    rollingUpdate:\n', '  strategy:\n    canary:\n');
    const before = inFolder(swap(deployment, rollout));
    expect(rulesOf(before, before.replace(/@sha256:a+/, ''))).toEqual(['image-unpinned']);
    expect(
      rulesOf(
        before,
        before.replace(
          '          readinessProbe:\n            httpGet:\n              path: /readyz\n              port: http\n',
          '',
        ),
      ),
    ).toEqual(['readiness-missing']);
  });
});
