import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { manifestProblems } from '../../../src/rehearse/preflight/manifests.ts';
import { connect } from '../../../src/rollout/kubernetes/api.ts';
import type { Answer } from '../../rollout/kubernetes/api-server.ts';
import { withApi } from '../with-api.ts';

const owner = { place: 'me@here', processId: 10 };
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'zerodrop-test-'));
  await mkdir(path.join(directory, 'manifests', 'staging'), { recursive: true });
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

const resources: Readonly<Record<string, object>> = {
  '/api/v1': {
    resources: [
      { name: 'namespaces', kind: 'Namespace', namespaced: false },
      { name: 'serviceaccounts', kind: 'ServiceAccount', namespaced: true },
    ],
  },
  '/apis/apps/v1': {
    resources: [
      { name: 'deployments', kind: 'Deployment', namespaced: true },
      { name: 'deployments/status', kind: 'Deployment', namespaced: true },
    ],
  },
};

const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: web-staging}\n';
const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, namespace: web-staging}\n';
const deployment =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: web-staging}\nspec: {template: {spec: {}}}\n';

interface Api {
  /** Is the namespace there before? */
  readonly there: boolean;
  readonly warning?: string;
  /** What a pod is refused with. */
  readonly refusal?: string;
}

/** Asks about these manifests; returns the problems and each change that was asked for, with how: strictly, and `All` for a dry run. */
async function ask(
  api: Api,
  ...documents: readonly string[]
): Promise<{ problems: readonly string[]; asked: string[] }> {
  await writeFile(path.join(directory, 'manifests', 'staging', 'all.yaml'), documents.join('---\n'));
  const asked: string[] = [];
  let { there } = api;
  const answer: Answer = ({ method }, response, { pathname, searchParams }) => {
    const listed = resources[pathname];
    if (listed !== undefined) return void response.end(JSON.stringify(listed));
    const how = [searchParams.get('fieldValidation'), searchParams.get('dryRun')].filter((said) => said !== null);
    if (method !== 'GET') asked.push([method, pathname, ...how].join(' '));
    if (method === 'DELETE') there = false;
    if (method === 'GET' && pathname !== '/version' && !there) return void response.writeHead(404).end();
    if (pathname.endsWith('/deployments/web') && api.warning !== undefined) {
      response.setHeader('warning', `299 - "${api.warning}"`);
    }
    if (pathname.endsWith('/pods') && api.refusal !== undefined) {
      return void response.writeHead(403).end(JSON.stringify({ message: api.refusal }));
    }
    response.end('{}');
  };
  const problems = await withApi(answer, async () =>
    manifestProblems(await connect('test'), path.join(directory, 'manifests', 'staging'), owner),
  );
  return { problems, asked };
}

const deployments = '/apis/apps/v1/namespaces/web-staging/deployments/web';

test('a namespace that is there belongs to somebody: nothing is changed', async () => {
  const { problems, asked } = await ask({ there: true }, namespace, deployment);

  expect(problems).toEqual([]);
  expect(asked).toEqual([
    'PATCH /api/v1/namespaces/web-staging Strict All',
    `PATCH ${deployments} Strict All`,
    'POST /api/v1/namespaces/web-staging/pods Strict All',
  ]);
});

test('one that is not there is made for the while, with the account that a pod needs', async () => {
  const { asked } = await ask({ there: false }, deployment, account, namespace);

  expect(asked).toEqual([
    'PATCH /api/v1/namespaces/web-staging Strict All',
    'POST /api/v1/namespaces Strict',
    'PATCH /api/v1/namespaces/web-staging/serviceaccounts/web Strict',
    `PATCH ${deployments} Strict All`,
    'POST /api/v1/namespaces/web-staging/pods Strict All',
    'DELETE /api/v1/namespaces/web-staging',
  ]);
});

test('a warning is a problem', async () => {
  const { problems } = await ask({ there: true, warning: 'unknown field' }, namespace, deployment);

  expect(problems).toEqual(['Deployment web: the API server warns: unknown field']);
});

test('a pod that Pod Security refuses is a problem, though its Deployment is taken', async () => {
  const { problems } = await ask({ there: true, refusal: 'violates PodSecurity "restricted"' }, namespace, deployment);

  expect(problems).toEqual([expect.stringContaining('violates PodSecurity "restricted"')]);
});

test("what a play leaves out is asked about only where the API server knows Google's kinds", async () => {
  const route =
    'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: web, namespace: web-staging}\n';
  const { problems } = await ask({ there: false }, route, account, namespace);

  expect(problems).toEqual([]);
});

test('a kind that the API server does not know is a problem, and does not end the asking', async () => {
  const gateway = deployment.replace('kind: Deployment', 'kind: Rollout');
  const { problems } = await ask({ there: true }, namespace, gateway, deployment);

  expect(problems[0]).toBe('Rollout web: The API server does not know the kind Rollout of apps/v1.');
});
