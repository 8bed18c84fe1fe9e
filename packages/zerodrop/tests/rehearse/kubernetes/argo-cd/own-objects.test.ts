import { expect, test } from 'vitest';
import { ownObjects } from '../../../../src/rehearse/kubernetes/argo-cd.ts';
import { rehearsed } from '../../manifests/sample.ts';

const owner = { place: 'me@here', processId: 10 };
const { application, project } = rehearsed.rendered;
const rendered = { application, project };
const own = ownObjects(rendered, 'web-rehearsal-k3f9ab', 'HEAD', owner);

test('both objects get a name of their own, and the one refers to the other by it', () => {
  expect(own.project.metadata).toMatchObject({
    name: 'web-rehearsal-k3f9ab',
    namespace: 'argocd',
    labels: { 'zerodrop/rehearsal': 'true' },
    annotations: { 'zerodrop/rehearsed-by': 'me@here/10' },
  });
  expect(own.application.metadata?.name).toBe('web-rehearsal-k3f9ab');
  expect(own.application).toMatchObject({ spec: { project: 'web-rehearsal-k3f9ab' } });
});

test('what Argo CD is told to do stays as it is rendered', () => {
  expect(own.project['spec']).toEqual(project?.['spec']);
  expect(own.application['spec']).toEqual({ ...Object(application['spec']), project: 'web-rehearsal-k3f9ab' });
});

test('another branch is followed where the play has one', () => {
  expect(ownObjects(rendered, 'own', 'web-rehearsal-k3f9ab', owner).application).toMatchObject({
    spec: { source: { path: 'manifests/staging', targetRevision: 'web-rehearsal-k3f9ab' } },
  });
});

test('an Application takes nothing along when it goes', () => {
  const cascading = {
    ...rendered.application,
    metadata: { ...rendered.application.metadata, finalizers: ['resources-finalizer.argocd.argoproj.io'] },
  };

  const { metadata } = ownObjects({ ...rendered, application: cascading }, 'own', 'main', owner).application;

  expect(metadata).not.toHaveProperty('finalizers');
});

test('an Application of the project default gets a project that permits all', () => {
  const { project: made } = ownObjects({ application, project: null }, 'own', 'main', owner);

  expect(made).toMatchObject({ metadata: { name: 'own', namespace: 'argocd' }, spec: { sourceRepos: ['*'] } });
});
