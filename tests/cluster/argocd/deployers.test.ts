import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { project } from '../../../apps/argo/project.ts';
import { render } from '../../../apps/render.ts';
import { deployedResources, deployerObjects, readRules } from '../../../cluster/argocd/deployers.ts';
import { rootProject } from '../../../cluster/argocd/root.ts';
import type { JsonObject } from '../../../cluster/terraform-json.ts';
import { at } from '../../../cluster/terraform-json.ts';
import { projectWith } from '../../settings/sample.ts';
import { samples } from '../sample.ts';

const { settings, targets } = samples.production;
const objects = deployerObjects(targets, 'verify@example.com');

function named(kind: string, name: string): JsonObject | undefined {
  return objects.find((object) => object['kind'] === kind && at(object, 'metadata.name') === name);
}

test('has an account for each namespace, where no pod of an application can run as it', () => {
  const accounts = objects.filter(({ kind }) => kind === 'ServiceAccount');
  expect(accounts.map((account) => at(account, 'metadata'))).toEqual([
    { name: 'deploy-web-production', namespace: 'argocd' },
    { name: 'deploy-argocd', namespace: 'argocd' },
  ]);
});

test('makes no account twice, whatever a namespace is called', () => {
  const made = deployerObjects(projectWith({ namespace: 'root' }, settings).targets, 'verify@example.com');
  const titles = made.map((object) => `${String(object['kind'])} ${JSON.stringify(object['metadata'])}`);
  expect(new Set(titles).size).toBe(titles.length);
});

test('is what the projects name', () => {
  const names = [
    ...destinations(project(settings.repository, targets, [])),
    ...destinations(rootProject(settings.repository)),
  ];
  expect(names).toEqual(['argocd:deploy-web-production', 'argocd:deploy-argocd']);
});

function destinations(of: object): unknown[] {
  const accounts = at(JSON.parse(JSON.stringify(of)), 'spec.destinationServiceAccounts');
  return [accounts ?? []].flat().map((account) => at(account, 'defaultServiceAccount'));
}

test('may become these accounts and no other', () => {
  expect(named('Role', 'controller-impersonates')?.['rules']).toEqual([
    {
      apiGroups: [''],
      resources: ['serviceaccounts'],
      resourceNames: ['deploy-web-production', 'deploy-argocd'],
      verbs: ['impersonate'],
    },
  ]);
});

test('lets an account make each kind that is rendered, and no right', () => {
  const kinds = [...render(samples.production, new Map()).values()].flatMap((text) =>
    parseAllDocuments(text).map((document): JsonObject => document.toJS()),
  );
  const rendered = kinds.filter((object) => at(object, 'metadata.namespace') === 'web-production');
  expect(rendered.length).toBeGreaterThan(3);
  for (const { apiVersion, kind } of rendered) {
    const group = String(apiVersion).includes('/') ? (String(apiVersion).split('/')[0] ?? '') : '';
    const plural = String(kind)
      .toLowerCase()
      .replace(/(?<![aeiou])y$/, 'ie')
      .concat('s');
    expect(deployedResources[group]).toContain(plural);
  }
  expect(JSON.stringify(named('Role', 'argocd-deploys'))).not.toMatch(/"roles"|rolebindings|secrets|"\*"|impersonate/);
});

test('lets controller and server of Argo CD read, and no Secret', () => {
  expect(JSON.stringify(readRules)).not.toMatch(/secrets|"\*"|create|update|patch|delete|impersonate/);
});

test('keeps a namespace when the release goes', () => {
  expect(named('Namespace', 'web-production')).toMatchObject({
    metadata: { annotations: { 'helm.sh/resource-policy': 'keep' } },
  });
});
