import { expect, test } from 'vitest';
import { parseManifests } from '../../../../release/guard/documents.ts';
import { guard } from '../../../../release/guard/guard.ts';
import { application, edited, namespace, project, web } from '../rendered.ts';

/** What the guard says of a change of the project, beside an application and what that applies. */
function against(before: string, after: string, applied = application): readonly string[] {
  const state = (text: string) =>
    parseManifests(
      new Map([
        ['argocd/project.yaml', text],
        ['argocd/staging.yaml', applied],
        ['manifests/staging/namespace.yaml', namespace],
        ['manifests/staging/web.yaml', web],
      ]),
    );
  return guard(state(before), state(after)).map(({ rule, object, says }) => `${rule} | ${object} ${says}`);
}

test('refuses a project that loses a kind which is used', () => {
  expect(against(project, edited(project, '    - kind: Deployment\n      group: apps\n', ''))).toEqual([
    'project-narrowed | AppProject argocd/web no longer permits the kind Deployment of apps, which its applications use. Each of their syncs is denied as a whole, also that of a rollback: keep it in namespaceResourceWhitelist until nothing uses it',
  ]);
});

const destination = '    - namespace: web-staging\n      server: https://kubernetes.default.svc\n';

test.each([
  ['a namespace', edited(project, destination, ''), 'the namespace web-staging'],
  [
    'the name of one',
    edited(project, '    - kind: Namespace\n      name: web-staging\n      group: ""\n', ''),
    'the kind Namespace of the core API',
  ],
  ['the repository', edited(project, 'example/zerodrop', 'example/other'), 'the repository https://github.com/'],
  [
    'the right to a kind',
    `${project}  namespaceResourceBlacklist:\n    - kind: Service\n      group: ""\n`,
    'the kind Service of the core API',
  ],
])('refuses one that loses %s', (_, after, lost) => {
  expect(against(project, after)).toEqual([
    expect.stringContaining(`project-narrowed | AppProject argocd/web no longer permits ${lost}`),
  ]);
});

test('lets a project lose what nothing uses', () => {
  const wider = edited(project, destination, `${destination}${destination.replace('staging', 'test')}`);
  expect(against(wider, project)).toEqual([]);
  const other = edited(application, 'project: web\n', 'project: other\n');
  expect(against(project, edited(project, destination, ''), other)).toEqual([]);
});

test('lets a pattern stand for what it covers', () => {
  const after = edited(project, 'https://github.com/example/zerodrop', 'https://github.com/*');
  expect(against(project, after)).toEqual([expect.stringContaining('project-widened | ')]);
});
