import { expect, test } from 'vitest';
import { edited, linesAgainstArgo, project, rulesAgainstArgo } from '../rendered.ts';

const entry = (list: string, value: string): string => edited(project, `  ${list}:\n`, `  ${list}:\n    - ${value}\n`);

test.each([
  ['sourceRepos', "'*'", '"*"'],
  ['sourceRepos', 'https://github.com/example/*', '"https://github.com/example/*"'],
  ['destinations', "{ namespace: '*', server: https://kubernetes.default.svc }", '{"namespace":"*"'],
  ['destinations', "{ namespace: web-staging, server: '*' }", '{"namespace":"web-staging","server":"*"}'],
  ['clusterResourceWhitelist', "{ group: '*', kind: '*' }", '{"group":"*","kind":"*"}'],
  ['clusterResourceWhitelist', "{ group: '', kind: Namespace }", '{"group":"","kind":"Namespace"}'],
  ['namespaceResourceWhitelist', "{ group: apps, kind: '*' }", '{"group":"apps","kind":"*"}'],
])('refuses a project that is widened in %s by %s', (list, value, says) => {
  expect(linesAgainstArgo(project, entry(list, value))).toEqual([
    expect.stringContaining(`AppProject argocd/web lets its applications have ${says}`),
  ]);
});

test('names the line, the cost and the way out', () => {
  expect(linesAgainstArgo(project, entry('sourceRepos', "'*'"))).toEqual([
    "project-widened | - '*' | AppProject argocd/web lets its applications have \"*\" in sourceRepos. One bad merge then reaches what is not this service's: name exactly what it needs",
  ]);
});

test('lets a kind or a namespace come by its name', () => {
  expect(
    rulesAgainstArgo(
      project,
      entry('namespaceResourceWhitelist', '{ group: autoscaling, kind: HorizontalPodAutoscaler }'),
    ),
  ).toEqual([]);
  expect(
    rulesAgainstArgo(project, entry('destinations', '{ namespace: web-test, server: https://kubernetes.default.svc }')),
  ).toEqual([]);
  expect(rulesAgainstArgo(project, entry('sourceRepos', "'!https://github.com/example/*'"))).toEqual([]);
});

test.each(['{ group: apps, kind: ControllerRevision }', '{ group: discovery.k8s.io, kind: EndpointSlice }'])(
  'refuses %s, which nothing that is permitted makes for Argo CD to show',
  (kind) => {
    expect(linesAgainstArgo(project, entry('namespaceResourceWhitelist', kind))).toEqual([
      expect.stringMatching(
        /^project-widened \| .* AppProject argocd\/web permits \w+ in namespaceResourceWhitelist, /,
      ),
    ]);
  },
);

test('lets the kinds come that are made of what is permitted, and no sooner', () => {
  const pod = '    - kind: Pod\n      group: ""\n';
  const replicaSet = '    - kind: ReplicaSet\n      group: apps\n';
  const deployment = '    - kind: Deployment\n      group: apps\n';
  const before = edited(edited(project, pod, ''), replicaSet, '');
  expect(rulesAgainstArgo(before, project)).toEqual([]);
  expect(rulesAgainstArgo(edited(before, deployment, ''), edited(project, deployment, ''))).toEqual([
    'project-widened',
  ]);
});

test('says nothing of what was wide before', () => {
  const wide = entry('sourceRepos', "'*'");
  expect(rulesAgainstArgo(wide, edited(wide, 'description: What', 'description: All that'))).toEqual([]);
});

test('refuses a denial that is lifted', () => {
  const denying = `${project}  namespaceResourceBlacklist:\n    - kind: Secret\n      group: ""\n`;
  expect(rulesAgainstArgo(project, denying)).toEqual([]);
  expect(linesAgainstArgo(denying, project)[0]).toContain(
    'no longer denies {"kind":"Secret","group":""} in namespaceResourceBlacklist. ',
  );
});

test('refuses a project that is gone', () => {
  expect(
    linesAgainstArgo(
      `${project}---\napiVersion: v1\nkind: A\nmetadata: { name: a }\n`,
      'apiVersion: v1\nkind: A\nmetadata: { name: a }\n',
    ),
  ).toEqual([
    expect.stringMatching(
      /^application-removed .* AppProject argocd\/web is gone, or has another name now\. Its applications are refused every sync/,
    ),
  ]);
});
