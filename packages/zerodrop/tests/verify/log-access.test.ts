import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cluster, connect } from '../../src/rollout/kubernetes/api.ts';
import { logAccess } from '../../src/verify/verify.ts';
import { serveApi } from '../rollout/kubernetes/api-server.ts';

let api: Awaited<ReturnType<typeof serveApi>>;
let cluster: Cluster;
let status: number;
let asked: string[];
const before = process.env['KUBECONFIG'];

beforeEach(async () => {
  asked = [];
  status = 200;
  api = await serveApi(({ method, url }, response) => {
    if (url !== '/version') asked.push(`${method} ${url}`);
    response.writeHead(url === '/version' ? 200 : status).end('forbidden');
  });
  process.env['KUBECONFIG'] = api.kubeconfig;
  cluster = await connect('test');
});

afterEach(async () => {
  if (before === undefined) delete process.env['KUBECONFIG'];
  else process.env['KUBECONFIG'] = before;
  await api.close();
});

test('asks for no more than one byte of the log', async () => {
  expect(await logAccess(cluster, 'web-staging', 'web-1', 'docs/verify.md')).toBeNull();
  expect(asked).toEqual(['GET /api/v1/namespaces/web-staging/pods/web-1/log?tailLines=1&limitBytes=1']);
});

test('warns where this identity may not read it', async () => {
  status = 403;
  expect(await logAccess(cluster, 'web-staging', 'web-1', 'docs/verify.md')).toBe(
    'Warning: this identity may not read the logs of web-staging, which would say more. Grant it "get" on pods/log (docs/verify.md).',
  );
});

test.each([400, 404])('does not warn of a pod that has no log, which is HTTP %i', async (of) => {
  status = of;
  expect(await logAccess(cluster, 'web-staging', 'web-1', 'docs/verify.md')).toBeNull();
});

test('hides no failure behind one of its own', async () => {
  const own = Object.assign(new Error('Not from the API'), { status: 403 });
  const broken: Cluster = { ...cluster, request: () => Promise.reject(own) };
  expect(await logAccess(broken, 'web-staging', 'web-1', 'docs/verify.md')).toBeNull();
});
