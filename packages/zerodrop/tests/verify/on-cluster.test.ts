import { afterEach, beforeEach, expect, test } from 'vitest';
import { Interrupted, OperationError, UsageError } from '../../src/errors.ts';
import { verifyOn } from '../../src/verify/verify.ts';
import { serveApi } from '../rollout/kubernetes/api-server.ts';
import { verification } from './verification.ts';

const leave = async (): Promise<null> => null;

let api: Awaited<ReturnType<typeof serveApi>>;
let status: number;
const before = process.env['KUBECONFIG'];

beforeEach(async () => {
  status = 200;
  api = await serveApi((_request, response, { pathname, searchParams }) => {
    response.writeHead(pathname === '/version' ? 200 : status);
    if (searchParams.has('watch')) response.flushHeaders();
    else response.end(JSON.stringify({ metadata: { resourceVersion: '1' }, items: [], message: 'not you' }));
  });
  process.env['KUBECONFIG'] = api.kubeconfig;
});

afterEach(async () => {
  if (before === undefined) delete process.env['KUBECONFIG'];
  else process.env['KUBECONFIG'] = before;
  await api.close();
});

test('says that a context is not there', async () => {
  const verified = verifyOn('other', verification(), leave);
  await expect(verified).rejects.toEqual(new UsageError('The kubeconfig has no context other. It has test.'));
});

test('names the document with the permissions where one is missing', async () => {
  status = 403;
  const verified = verifyOn('test', verification(), leave);
  await expect(verified).rejects.toThrow(OperationError);
  await expect(verified).rejects.toThrow(
    /^GET .* was refused with HTTP 403: not you docs\/verify\.md lists the permissions that this identity needs\.$/,
  );
});

test('does not where the cluster has another reason', async () => {
  status = 401;
  const verified = verifyOn('test', verification(), leave);
  await expect(verified).rejects.toThrow(OperationError);
  await expect(verified).rejects.toThrow(/was refused with HTTP 401: not you$/);
});

test('says that the rollout continues when it is interrupted', async () => {
  const interruption = new AbortController();
  const wanted = verification({ signal: interruption.signal });
  const cause = new Error('Ctrl-C');
  await expect(verifyOn('test', { ...wanted, tell: () => interruption.abort(cause) }, leave)).rejects.toEqual(
    new Interrupted('Interrupted while waiting for the rollout, which continues in the cluster.', { cause }),
  );
});

test('says what else was interrupted', async () => {
  const told = new Interrupted('Interrupted while git push was at work.');
  const interruption = new AbortController();
  const wanted = verification({ signal: interruption.signal });
  const tell = (): never => {
    interruption.abort();
    throw told;
  };
  await expect(verifyOn('test', { ...wanted, tell }, leave)).rejects.toBe(told);
});

test('leaves a fault of ours as it is', async () => {
  const fault = new Error('nobody listens');
  const tell = (): never => {
    throw fault;
  };
  await expect(verifyOn('test', verification({ tell }), leave)).rejects.toBe(fault);
});
