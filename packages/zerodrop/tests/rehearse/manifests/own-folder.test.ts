import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ownProject, readGiven } from '../../../src/rehearse/manifests/own-folder.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zerodrop-test-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const deployment = (name: string, namespace?: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name, ports: [{ containerPort: 80 }] }] } },
  },
});
const service = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector: { app: name } },
});

const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);

describe('a folder', () => {
  test('is read with its lists, and so is a file', async () => {
    write('a.yaml', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [service('a'), service('b')] }));
    write('notes.txt', 'none');
    expect((await readGiven(folder)).map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
    expect(await readGiven(path.join(folder, 'a.yaml'))).toHaveLength(2);
  });

  test.each([
    ['Chart.yaml', 'name: x', 'helm template'],
    ['kustomization.yaml', 'resources: []', 'kubectl kustomize'],
    ['values.yaml', 'replicas: 3', 'no object of Kubernetes'],
    ['broken.yaml', 'a: [', 'is not YAML'],
    ['empty.yaml', '', 'holds no manifests'],
  ])('with %s alone is refused', async (name, text, words) => {
    write(name, text);
    await expect(readGiven(folder)).rejects.toThrow(words);
  });
});

describe('the project of a folder', () => {
  test('has an Application, the namespace of the Deployment, and a way to it', () => {
    const { application, objects } = ownProject([deployment('web', 'shop')], folder, null);
    expect(application.map(({ kind }) => kind)).toEqual(['AppProject', 'Application']);
    expect(objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([
      'Namespace/shop',
      'Deployment/web',
      'Service/web',
    ]);
  });

  test('releases the Deployment that a Service leads to, and leaves the others out', () => {
    const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'once' } };
    const hook = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'test', annotations: { 'helm.sh/hook': 'test' } },
    };
    const { objects } = ownProject([deployment('worker'), deployment('web'), service('web'), job, hook], folder, null);
    expect(objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual(['Deployment/web', 'Service/web']);
  });

  test('has to be told which of several is released', () => {
    const both = [deployment('a'), deployment('b'), service('a'), service('b')];
    expect(() => ownProject(both, folder, null)).toThrow('several Deployments: a, b');
    expect(ownProject(both, folder, 'b').objects[0]?.metadata.name).toBe('b');
    expect(() => ownProject(both, folder, 'c')).toThrow('--deployment is c');
    expect(() => ownProject([service('a')], folder, null)).toThrow('has no Deployment');
  });
});
