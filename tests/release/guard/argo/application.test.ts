import { expect, test } from 'vitest';
import { application, edited, linesAgainstArgo, rulesAgainstArgo } from '../rendered.ts';

const automated =
  '    automated:\n      allowEmpty: false\n      enabled: true\n      prune: true\n      selfHeal: true\n';
const retry =
  '    retry:\n      backoff:\n        duration: 5s\n        factor: 2\n        maxDuration: 1m\n      limit: 5\n      refresh: true\n';
const changed = (from: string, to: string): string => edited(application, from, to);

test.each([
  [
    'automated is gone',
    automated,
    '',
    'automation-off | syncPolicy: | Application argocd/web-staging is not synced by itself. ',
  ],
  [
    'automated is null',
    automated,
    '    automated: null\n',
    'automation-off | automated: null | Application argocd/web-staging is not synced by itself. ',
  ],
  [
    'automated is off',
    'enabled: true',
    'enabled: false',
    'automation-off | enabled: false | Application argocd/web-staging is not synced by itself. ',
  ],
  [
    'nothing is said of auto-sync being enabled',
    '      enabled: true\n',
    '',
    'automation-off | automated: | Application argocd/web-staging does not say that auto-sync is enabled. ',
  ],
  [
    'auto-sync is enabled by null',
    'enabled: true',
    'enabled: null',
    'automation-off | enabled: null | Application argocd/web-staging does not say that auto-sync is enabled. ',
  ],
  [
    'auto-sync is enabled by a text',
    'enabled: true',
    "enabled: 'true'",
    "automation-off | enabled: 'true' | Application argocd/web-staging does not say that auto-sync is enabled. ",
  ],
  [
    'Argo CD is told to leave it alone',
    'skip-reconcile: "false"',
    'skip-reconcile: "true"',
    'automation-off | argocd.argoproj.io/skip-reconcile: "true" | Application argocd/web-staging is skipped by Argo CD. ',
  ],
  [
    'nothing is pruned',
    'prune: true',
    'prune: false',
    'automation-off | prune: false | Application argocd/web-staging does not prune. ',
  ],
  [
    'nothing is healed',
    'selfHeal: true',
    'selfHeal: false',
    'automation-off | selfHeal: false | Application argocd/web-staging does not heal itself. ',
  ],
  [
    'nothing is said of healing',
    '      selfHeal: true\n',
    '',
    'automation-off | automated: | Application argocd/web-staging does not heal',
  ],
  [
    'an empty folder is allowed',
    'allowEmpty: false',
    'allowEmpty: true',
    'allow-empty | allowEmpty: true | Application argocd/web-staging allows an empty folder. ',
  ],
  [
    'retries do not look at git',
    'refresh: true',
    'refresh: false',
    'retry-without-refresh | refresh: false | Application argocd/web-staging retries a failed sync without a look at git. ',
  ],
  [
    'nothing is said of looking',
    '      refresh: true\n',
    '',
    'retry-without-refresh | retry: | Application argocd/web-staging retries',
  ],
  [
    'pruning is not last',
    '      - PruneLast=true\n',
    '',
    'sync-option-missing | syncOptions: | Application argocd/web-staging has no PruneLast=true. What leaves git is deleted before',
  ],
  [
    'objects may be shared',
    'FailOnSharedResource=true',
    'FailOnSharedResource=false',
    'sync-option-missing | syncOptions: | Application argocd/web-staging has no FailOnSharedResource=true. ',
  ],
  [
    'objects are replaced',
    '- PruneLast=true',
    '- PruneLast=true\n      - Replace=true',
    'replace-or-force | - Replace=true | Application argocd/web-staging syncs with Replace=true. ',
  ],
  [
    'objects are forced',
    '- PruneLast=true',
    '- PruneLast=true\n      - Force=true',
    'replace-or-force | - Force=true | Application argocd/web-staging syncs with Force=true. ',
  ],
  [
    'it takes everything along',
    '  namespace: argocd\n',
    '  namespace: argocd\n  finalizers:\n    - resources-finalizer.argocd.argoproj.io/background\n',
    'finalizer-added | - resources-finalizer.argocd.argoproj.io/background | Application argocd/web-staging has the finalizer ',
  ],
  [
    'it reads another repository',
    'repoURL: https://github.com/example/zerodrop',
    'repoURL: https://github.com/example/other',
    'application-moved | repoURL: https://github.com/example/other | Application argocd/web-staging changes its source.repoURL from https://github.com/example/zerodrop to https://github.com/example/other. ',
  ],
  [
    'it reads another branch',
    'targetRevision: main',
    'targetRevision: next',
    'application-moved | targetRevision: next | Application argocd/web-staging changes its source.targetRevision from main to next. ',
  ],
  [
    'it reads another folder',
    'path: manifests/staging',
    'path: manifests/other',
    'application-moved | path: manifests/other | Application argocd/web-staging changes its source.path ',
  ],
  [
    'it applies elsewhere',
    '    namespace: web-staging\n',
    '    namespace: other\n',
    'application-moved | destination: | Application argocd/web-staging changes its destination from {"namespace":"web-staging",',
  ],
  [
    'it may do everything',
    'project: web',
    'project: default',
    'application-moved | project: default | Application argocd/web-staging changes its project from web to default. ',
  ],
])('refuses an application where %s', (_what, from, to, says) => {
  expect(linesAgainstArgo(application, changed(from, to))).toEqual([expect.stringContaining(says)]);
});

test('takes an application without retries', () => {
  expect(rulesAgainstArgo(application, changed(retry, ''))).toEqual([]);
  expect(rulesAgainstArgo(application, changed('      limit: 5\n      refresh: true\n', '      limit: 0\n'))).toEqual(
    [],
  );
});

test('judges a new application too', () => {
  expect(rulesAgainstArgo('', application)).toEqual([]);
  expect(rulesAgainstArgo('', changed('prune: true', 'prune: false'))).toEqual(['automation-off']);
});

test('refuses an application that is gone', () => {
  const other = application.replaceAll('staging', 'production');
  expect(linesAgainstArgo(`${application}---\n${other}`, other)).toEqual([
    expect.stringContaining(
      'Application argocd/web-staging is gone, or has another name now. What it has made runs on, and nobody rolls it out',
    ),
  ]);
});

test('refuses an application that is gone and takes everything along', () => {
  const fatal = changed(
    '  namespace: argocd\n',
    '  namespace: argocd\n  finalizers: [resources-finalizer.argocd.argoproj.io]\n',
  );
  expect(linesAgainstArgo(fatal, '').join('\n')).toContain('Its finalizer deletes everything that it has made');
});
