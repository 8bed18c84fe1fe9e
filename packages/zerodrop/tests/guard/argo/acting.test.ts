import { describe, expect, test } from 'vitest';
import { application, project } from '../manifests.ts';
import { argo, edited } from '../sample.ts';

describe('Argo CD is told not to act', () => {
  const both = [application, project];
  test.each([
    [
      'G2',
      edited(
        application,
        '  namespace: argocd\n',
        '  namespace: argocd\n  annotations: {argocd.argoproj.io/skip-reconcile: "true"}\n',
      ),
      'automation-off',
    ],
    ['enabled', edited(application, 'enabled: true', 'enabled: false'), 'automation-off'],
    ['enabled gone', edited(application, '      enabled: true\n', ''), 'automation-off'],
    [
      'G3',
      edited(
        application,
        '  syncPolicy:\n',
        '  ignoreDifferences:\n    - {group: apps, kind: Deployment, jsonPointers: [/spec/template/spec/containers/0/image]}\n  syncPolicy:\n',
      ),
      'differences-ignored',
    ],
    ['M6 option', edited(application, '      - ServerSideApply=true\n', ''), 'application-changed'],
    [
      'M6 twice',
      edited(application, '      - PruneLast=true\n', '      - PruneLast=true\n      - PruneLast=false\n'),
      'sync-option-missing',
    ],
    ['M6 retry', edited(application, '    retry:\n      limit: 5\n      refresh: true\n', ''), 'retry-without-refresh'],
  ])('%s', (_name, after, rule) => {
    expect(argo(both, [after, project])).toContain(rule);
  });

  test('lets a field pass that an autoscaler owns', () => {
    expect(
      argo(both, [
        edited(
          application,
          '  syncPolicy:\n',
          '  ignoreDifferences:\n    - {group: apps, kind: Deployment, jsonPointers: [/spec/replicas]}\n  syncPolicy:\n',
        ),
        project,
      ]),
    ).toEqual([]);
  });

  test('G4: sync windows and keys', () => {
    expect(
      argo(both, [application, `${project}  syncWindows: [{kind: deny, schedule: '* * * * *', duration: 24h}]\n`]),
    ).toEqual(['project-changed']);
    expect(argo(both, [application, `${project}  signatureKeys: [{keyID: ABCDEF}]\n`])).toEqual(['project-changed']);
  });
});
