import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { UsageError } from '../../../src/errors.ts';
import { applicationsIn } from '../../../src/rehearse/embedded/argo-cd/application.ts';
import { changeDeployment, withImage, writeChanges } from '../../../src/rehearse/manifests/changes.ts';
import { chosenApplication } from '../../../src/rehearse/manifests/own-folder.ts';
import { readRehearsed } from '../../../src/rehearse/manifests/rehearsed.ts';
import { applicationOf, deployment, project, rehearsed, service } from './sample.ts';

let directory: string;

function write(file: string, ...objects: readonly object[]): void {
  mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
  writeFileSync(path.join(directory, file), objects.map((object) => JSON.stringify(object)).join('\n---\n'));
}

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'zerodrop-rehearsed-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  write('argocd/project.yaml', project);
  write('argocd/all.yaml', applicationOf('staging'), applicationOf('production'));
  write('manifests/staging/web.yaml', service, deployment);
  write('manifests/production/web.yaml', service);
});

test('an environment is an Application with its folder, its Deployment and its Service', async () => {
  expect(await readRehearsed(directory, 'argocd', 'web-staging')).toMatchObject({
    application: { path: 'manifests/staging', destination: { namespace: 'web-staging' } },
    rendered: { project: { kind: 'AppProject' } },
    deployment: { metadata: { name: 'web' } },
    service: 'web',
    image: 'registry.test:5000/shop/web',
  });
  expect(await readRehearsed(directory, 'argocd', 'web-production')).toBeNull();
});

const named = (environment: string | null, of: string | null = null) => ({ environment, service: of });

const labelled = (name: string, environment: string) => ({
  ...applicationOf(environment),
  metadata: { name: `${name}-${environment}`, labels: { environment, 'app.kubernetes.io/name': name } },
});

test('an environment is named by its Application, or by the label of it', async () => {
  const applications = await applicationsIn(directory, 'argocd');

  expect(chosenApplication(applications, named(null))).toBe('web-production');
  expect(chosenApplication(applications, named('staging'))).toBe('web-staging');
  expect(chosenApplication(applications, named('web-staging'))).toBe('web-staging');
  expect(() => chosenApplication(applications, named('moon'))).toThrow(
    new UsageError('--environment is "moon", expected one of production, staging.'),
  );
  const two = [
    ...applications,
    { ...applicationOf('staging'), metadata: { name: 'api', labels: { environment: 'staging' } } },
  ];
  expect(() => chosenApplication(two, named('staging'))).toThrow(
    'that of web-staging and api. Name one of these instead, or its service by --service.',
  );
  expect(() => chosenApplication([], named(null))).toThrow('There is no Application of Argo CD to rehearse.');
});

test('a service is named by the label of its Applications', async () => {
  const all = [labelled('api', 'production'), labelled('api', 'staging'), labelled('web', 'staging')];

  expect(chosenApplication(all, named(null, 'web'))).toBe('web-staging');
  expect(chosenApplication(all, named('staging', 'api'))).toBe('api-staging');
  expect(chosenApplication(all, named('api-staging', 'api'))).toBe('api-staging');
  expect(() => chosenApplication(all, named(null, 'moon'))).toThrow(
    new UsageError('--service is "moon", expected one of api, web.'),
  );
  expect(() => chosenApplication(all, named('production', 'web'))).toThrow(
    new UsageError('--environment is "production" for web, expected one of staging.'),
  );
});

test('a play follows its own repository, and of its project only its own namespace is left', async () => {
  const namespace = { from: 'web-staging', to: 'own' };
  const changes = {
    settings: 'ours' as const,
    replicas: 5,
    drainMs: null,
    drainVariable: null,
    expose: null,
    namespace,
  };
  await writeChanges(directory, 'argocd', rehearsed, 'file:///remote.git', changes);
  await changeDeployment(directory, rehearsed, (one) => withImage(one, 'registry.test:5000/shop/web:v1'));

  const played = await readRehearsed(directory, 'argocd', 'web-staging');
  expect((await applicationsIn(directory, 'argocd')).map(({ metadata }) => metadata.name)).toEqual(['web-staging']);
  expect(played?.application).toMatchObject({
    repository: 'file:///remote.git',
    revision: 'main',
    destination: { namespace: 'own' },
  });
  expect(played?.rendered.project?.['spec']).toEqual({
    sourceRepos: ['file:///remote.git'],
    destinations: [{ server: 'https://kubernetes.default.svc', namespace: 'own' }],
    clusterResourceWhitelist: [{ group: '', kind: 'Namespace', name: 'own' }],
    destinationServiceAccounts: [
      { server: 'https://kubernetes.default.svc', namespace: 'own', defaultServiceAccount: 'argocd:deploy' },
    ],
  });
  expect(played?.deployment).toMatchObject({ metadata: { namespace: 'own' }, spec: { replicas: 5 } });
  expect(readFileSync(path.join(directory, 'manifests/staging/web.yaml'), 'utf8')).toContain('web:v1"');
});

test('text that YAML 1.1 would read as something else stays text', async () => {
  writeFileSync(
    path.join(directory, 'manifests/staging/map.yaml'),
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: map}\ndata: {on: "yes", at: "012", "2": "1e3"}\n',
  );
  const changes = {
    settings: 'ours' as const,
    replicas: null,
    drainMs: null,
    drainVariable: null,
    expose: null,
    namespace: null,
  };
  await writeChanges(directory, 'argocd', rehearsed, 'file:///remote.git', changes);

  const text = readFileSync(path.join(directory, 'manifests/staging/map.yaml'), 'utf8');
  expect(parse(text, { version: '1.1' }).data).toEqual({ true: 'yes', at: '012', 2: '1e3' });
});
