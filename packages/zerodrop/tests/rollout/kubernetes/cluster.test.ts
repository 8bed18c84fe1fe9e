import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connect, read, warnings } from '../../../src/rollout/kubernetes/api.ts';
import { kubeconfigFor, serveApi } from './api-server.ts';

let folder: string;
const before = process.env['KUBECONFIG'];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zerodrop-test-'));
  process.env['KUBECONFIG'] = path.join(folder, 'config');
});

afterEach(async () => {
  if (before === undefined) delete process.env['KUBECONFIG'];
  else process.env['KUBECONFIG'] = before;
  await rm(folder, { recursive: true });
});

test('a kubeconfig that is not there is named with what to do', async () => {
  await expect(connect('kind')).rejects.toThrow(/The kubeconfig can't be read: .*Set KUBECONFIG/);
});

test.each(['kind', null])(
  'without any kubeconfig, context %s is told so, and nobody asks localhost',
  async (context) => {
    const { HOME } = process.env;
    delete process.env['KUBECONFIG'];
    process.env['HOME'] = folder;
    try {
      await expect(connect(context)).rejects.toThrow(/^There is no kubeconfig: KUBECONFIG is not set/);
    } finally {
      process.env['HOME'] = HOME;
    }
  },
);

test('an unknown context is named with those that there are', async () => {
  await writeFile(path.join(folder, 'config'), kubeconfigFor('http://127.0.0.1:1'));

  await expect(connect('kind')).rejects.toThrow('The kubeconfig has no context kind. It has test.');
});

test('a cluster that is away is named with its address', async () => {
  await writeFile(path.join(folder, 'config'), kubeconfigFor('http://127.0.0.1:1'));

  await expect(connect('test')).rejects.toThrow(
    /The cluster of context test does not answer at http:\/\/127\.0\.0\.1:1: .*ECONNREFUSED.*Check that it is up/,
  );
});

test('a refusal is told in the words of the API server', async () => {
  const api = await serveApi((_, response, url) => {
    response.statusCode = url.pathname === '/version' ? 200 : 403;
    response.end(JSON.stringify({ kind: 'Status', message: 'pods is forbidden: User "verify" cannot list pods' }));
  });
  process.env['KUBECONFIG'] = api.kubeconfig;
  try {
    const cluster = await connect('test');
    await expect(read(cluster, '/api/v1/pods')).rejects.toThrow(
      'GET /api/v1/pods was refused with HTTP 403: pods is forbidden: User "verify" cannot list pods',
    );
  } finally {
    await api.close();
  }
});

test('the credentials of the kubeconfig go along, and warnings come back', async () => {
  const api = await serveApi((request, response) => {
    response.setHeader('warning', '299 - "unknown field \\"spec.x\\"", 299 - "use v2"');
    response.end(JSON.stringify({ authorization: request.headers.authorization }));
  });
  process.env['KUBECONFIG'] = api.kubeconfig;
  try {
    const answer = await (await connect('test')).request({ method: 'GET', path: '/x' });
    expect(answer.warnings).toEqual(['unknown field "spec.x"', 'use v2']);
    expect(JSON.parse(answer.body)).toEqual({ authorization: 'Bearer secret' });
  } finally {
    await api.close();
  }
});

test('no warning header is no warning', () => {
  expect(warnings(undefined)).toEqual([]);
});
