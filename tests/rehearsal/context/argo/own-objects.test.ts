import { expect, test } from 'vitest';
import { application } from '../../../../apps/argo/application.ts';
import { project } from '../../../../apps/argo/project.ts';
import { ownObjects } from '../../../../rehearsal/context/argo/own-objects.ts';
import { settings } from '../../../settings/sample.ts';

const owner = { place: 'me@here', processId: 10 };
const rendered = {
  project: project(settings, [{ group: '', kind: 'Service' }]),
  application: application(settings, 'staging', 'web-staging'),
};
const own = ownObjects(rendered, 'web-rehearsal-k3f9ab', 'main', owner);

test('both objects get a name of their own, and the one refers to the other by it', () => {
  expect(own.project.metadata).toMatchObject({
    name: 'web-rehearsal-k3f9ab',
    namespace: 'argocd',
    labels: { 'zerodrop/rehearsal': 'true' },
    annotations: { 'zerodrop/rehearsed-by': 'me@here/10' },
  });
  expect(own.application.metadata?.name).toBe('web-rehearsal-k3f9ab');
  expect(own.application.spec.project).toBe('web-rehearsal-k3f9ab');
});

test('what Argo CD is told to do stays as it is rendered', () => {
  expect(own.project.spec).toEqual(rendered.project.spec);
  expect(own.application.spec).toEqual({ ...rendered.application.spec, project: 'web-rehearsal-k3f9ab' });
});

test('another branch is followed where the play has one', () => {
  const { source } = ownObjects(rendered, 'own', 'web-rehearsal-k3f9ab', owner).application.spec;

  expect(source).toEqual({ ...rendered.application.spec.source, targetRevision: 'web-rehearsal-k3f9ab' });
});

test('an Application takes nothing along when it goes', () => {
  const cascading = {
    ...rendered.application,
    metadata: { ...rendered.application.metadata, finalizers: ['resources-finalizer.argocd.argoproj.io'] },
  };

  const { metadata } = ownObjects({ ...rendered, application: cascading }, 'own', 'main', owner).application;

  expect(metadata).not.toHaveProperty('finalizers');
});
