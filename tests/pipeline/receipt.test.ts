import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { OperationError } from 'zerodrop/errors';
import { receipt } from 'zerodrop/tests/verify/sample.ts';
import { receiptCommand, reportReceipt } from '../../pipeline/receipt.ts';
import { settings } from '../../settings.ts';
import { firstOf } from '../../settings/settings.ts';
import { temporaryFolder } from '../release/repository.ts';

/** GitHub on localhost, with these deployments, and what it was told. */
async function gitHub(...deployments: readonly object[]) {
  const told: unknown[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body: unknown = request.method === 'GET' ? null : await json(request);
      told.push([`${request.method} ${request.url}`, body]);
      response.end(JSON.stringify(request.method === 'GET' ? deployments : { id: 8 }));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { told, github: { api: `http://127.0.0.1:${port}`, owner: 'example', name: 'zerodrop', token: 'secret' } };
}

const [commit, target, page] = ['b'.repeat(40), 'staging/web', 'https://github.com/example/zerodrop/actions/runs/1'];
const on = '/repos/example/zerodrop';

test('states what was lost on the commit and on its deployment', async () => {
  const { told, github } = await gitHub({ id: 7 });
  await reportReceipt(github, receipt, { commit, target, page });
  const description = '0 of 600 requests lost, p50 12.0 ms, p99 48.0 ms';
  expect(told).toEqual([
    [
      `POST ${on}/statuses/${commit}`,
      { state: 'success', context: 'receipt/staging/web', description, target_url: page },
    ],
    [`GET ${on}/deployments?sha=${commit}&environment=staging%2Fweb&per_page=1`, null],
    [`POST ${on}/deployments/7/statuses`, { state: 'success', description, log_url: page }],
  ]);
});

test('makes a deployment where nothing else has, and shortens what is too long for GitHub', async () => {
  const { told, github } = await gitHub();
  const lostByCause = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`HTTP ${500 + n}`, 1]));
  await reportReceipt(github, { ...receipt, lost: 12, lostByCause, verdict: 'lossy' }, { commit, target, page: null });
  expect(told).toMatchObject([
    [`POST ${on}/statuses/${commit}`, { state: 'failure', description: expect.stringMatching(/^12 of 600 .{129}…$/) }],
    [`GET ${on}/deployments?sha=${commit}&environment=staging%2Fweb&per_page=1`, null],
    [`POST ${on}/deployments`, { ref: commit, environment: 'staging/web', auto_merge: false, required_contexts: [] }],
    [`POST ${on}/deployments/8/statuses`, { state: 'failure' }],
  ]);
});

test('says of a deployment nothing that is not known', async () => {
  const { told, github } = await gitHub();
  const reasons = ['The rollout had begun before the load did.'];
  await reportReceipt(github, { ...receipt, verdict: 'inconclusive', reasons }, { commit, target, page });
  expect(told).toMatchObject([
    [
      `POST ${on}/statuses/${commit}`,
      {
        state: 'error',
        description: 'Inconclusive (0 of 600 requests lost). The rollout had begun before the load did.',
      },
    ],
  ]);
});

const args = ['--environment', firstOf(settings.environments).name, '--service', firstOf(settings.services).name];

test('has nothing to sign where verify wrote no receipt', async () => {
  const { stdout } = await receiptCommand([...args, '--file', path.join(temporaryFolder(), 'none.json')]);
  expect(stdout).toMatch(/^required=(?:true|false)\n$/);
});

test.each([
  ['{}', 'holds no receipt'],
  [JSON.stringify({ ...receipt, image: null }), 'about no image by its digest'],
  [JSON.stringify({ ...receipt, revision: null }), 'or about no commit'],
])('refuses %s', async (text, sentence) => {
  const file = path.join(temporaryFolder(), 'receipt.json');
  await writeFile(file, text);
  const refused = receiptCommand([...args, '--file', file]);
  await expect(refused).rejects.toThrow(OperationError);
  await expect(refused).rejects.toThrow(sentence);
});
