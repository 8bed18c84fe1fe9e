import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { OperationError, UsageError } from 'zerodrop/errors';
import { receipt } from 'zerodrop/tests/verify/sample.ts';
import { predicateType, type Receipt } from 'zerodrop/verify';
import { receiptIn, receiptProblem, receiptsAtGitHub, type SignedReceipt } from '../../release/receipts.ts';

const hex = '0'.repeat(64);
const digest = `sha256:${hex}`;
const wanted = { environment: 'staging', rollout: 'web-staging', digest };

const lossy: Receipt = { ...receipt, lost: 2, lostByCause: { ECONNRESET: 2 }, verdict: 'lossy' };
const blind: Receipt = { ...receipt, verdict: 'inconclusive', reasons: ['The rollout did not complete.'] };

const at = (one: Receipt, minute: number): Receipt => ({
  ...one,
  window: { ...one.window, to: `2026-01-01T11:0${minute}:00Z` },
});
const signed = (...receipts: readonly Receipt[]): readonly SignedReceipt[] =>
  receipts.map((one) => ({ receipt: one, doubt: null }));

test('lets a release through of which the newest receipt that tells something says that nothing was lost', () => {
  expect(receiptProblem(signed(receipt), wanted)).toBeNull();
  expect(receiptProblem(signed(at(lossy, 1), at(receipt, 2), at(blind, 3)), wanted)).toBeNull();
});

test.each<[string, readonly SignedReceipt[], RegExp]>([
  ['missing', [], /^staging requires a receipt in settings\.ts, and there is none of sha256:0+: verify writes it/],
  ['of another environment', signed({ ...receipt, environment: 'preview' }), /there is none of/],
  ['of another rollout', signed({ ...receipt, rollout: 'api-staging' }), /there is none of/],
  ['of another image', signed({ ...receipt, image: `web@sha256:${'2'.repeat(64)}` }), /there is none of/],
  ['of no image', signed({ ...receipt, image: null }), /there is none of/],
  [
    'not signed by us',
    [{ receipt, doubt: 'cosign says no.' }],
    /there is none of .* cosign says no\. Release it again/,
  ],
  ['lossy', signed(lossy), /lost requests: 2 of 600 requests lost \(2 ECONNRESET\)/],
  ['lossy, and lossless before', signed(at(receipt, 1), at(lossy, 2)), /lost requests/],
  [
    'inconclusive',
    signed(blind),
    /tells nothing\. Inconclusive \(0 of 600 requests lost\)\. The rollout did not complete\./,
  ],
])('refuses one whose receipt is %s', (_, found, sentence) => {
  const problem = receiptProblem(found, wanted);
  expect(problem).toMatch(sentence);
  expect(problem).toContain('promote it with --without-receipt "why".');
});

function bundleOf(predicate: unknown, other: object = {}): object {
  const subject = [{ name: 'registry.example.com/web', digest: { sha256: hex } }];
  const stated = { _type: 'https://in-toto.io/Statement/v1', subject, predicateType, predicate, ...other };
  return { dsseEnvelope: { payload: Buffer.from(JSON.stringify(stated)).toString('base64') } };
}

test('reads a receipt out of a bundle, and nothing else', () => {
  expect(receiptIn(bundleOf(receipt), digest)).toEqual(receipt);
  expect(receiptIn(bundleOf(receipt), `sha256:${'2'.repeat(64)}`)).toBeNull();
  expect(receiptIn(bundleOf(receipt, { predicateType: 'https://slsa.dev/provenance/v1' }), digest)).toBeNull();
  expect(receiptIn(bundleOf({ ...receipt, verdict: 'fine' }), digest)).toBeNull();
  for (const none of [null, {}, { dsseEnvelope: { payload: '!' } }, 'bundle'])
    expect(receiptIn(none, digest)).toBeNull();
});

let bin: string;
const { PATH } = process.env;

/** Puts a program called cosign first on PATH: it writes down how it is called, and refuses a bundle that says so. */
beforeEach(async () => {
  bin = await mkdtemp(path.join(tmpdir(), 'zerodrop-cosign-'));
  const script = `#!/bin/sh
printf '%s\\n' "$*" >> "${bin}/calls"
grep -q forged "$3" || exit 0
echo "Error: none of the expected identities matched" >&2
exit 1
`;
  await writeFile(path.join(bin, 'cosign'), script);
  await chmod(path.join(bin, 'cosign'), 0o755);
  process.env['PATH'] = `${bin}:${PATH ?? ''}`;
});

afterEach(async () => {
  process.env['PATH'] = PATH;
  await rm(bin, { recursive: true });
});

/** GitHub's list of attestations on localhost, and what it was asked. */
async function attestations(status: number, ...bundles: readonly object[]) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization}`);
    response.writeHead(status).end(JSON.stringify({ attestations: bundles.map((bundle) => ({ bundle })) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const environment = { GITHUB_API_URL: `http://127.0.0.1:${port}`, GH_TOKEN: 'of-the-app' };
  return { asked, environment };
}

const repository = 'https://github.com/example/zerodrop';

test('asks GitHub for the receipts of the digest, and cosign whether the workflow that verifies has signed them', async () => {
  const { asked, environment } = await attestations(200, bundleOf(receipt), { ...bundleOf(lossy), forged: true }, {});
  const found = await receiptsAtGitHub({ ...environment, ATTESTATIONS_TOKEN: 'of-the-job' }, repository)(digest);
  expect(found).toEqual([
    { receipt, doubt: null },
    {
      receipt: lossy,
      doubt: 'One does not count, because cosign says: Error: none of the expected identities matched',
    },
  ]);
  expect(asked).toEqual([
    `/repos/example/zerodrop/attestations/${digest}?per_page=100&predicate_type=https%3A%2F%2Fzerodrop.dev%2Freceipt%2Fv1 Bearer of-the-job`,
  ]);
  const calls = (await readFile(path.join(bin, 'calls'), 'utf8')).trim().split('\n');
  expect(calls).toHaveLength(2);
  expect(calls[0]).toMatch(
    new RegExp(
      `^verify-blob-attestation --bundle \\S+bundle\\.json --type ${predicateType} --digest ${hex} --digestAlg sha256 --certificate-identity ${repository}/\\.github/workflows/verify-target\\.yaml@refs/heads/main --certificate-oidc-issuer https://token\\.actions\\.githubusercontent\\.com$`,
    ),
  );
});

test('finds none where GitHub knows nothing of the digest', async () => {
  expect(await receiptsAtGitHub((await attestations(404)).environment, repository)(digest)).toEqual([]);
});

test('ends in a sentence where GitHub or cosign can not be asked', async () => {
  await expect(receiptsAtGitHub({}, repository)(digest)).rejects.toThrow(
    new UsageError(
      'A receipt needs a token in GH_TOKEN that may read attestations. By hand: GH_TOKEN=$(gh auth token) npm run ...',
    ),
  );
  await expect(receiptsAtGitHub((await attestations(500)).environment, repository)(digest)).rejects.toThrow(
    OperationError,
  );
  process.env['PATH'] = '/nowhere';
  const { environment } = await attestations(200, bundleOf(receipt));
  await expect(receiptsAtGitHub(environment, repository)(digest)).rejects.toThrow('cosign is not installed');
});
