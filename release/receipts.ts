import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notStarted } from 'zerodrop/errors';
import { predicateType, type Receipt, receiptWords } from 'zerodrop/verify';
import { z } from 'zod';
import { receiptSignerOf, type Signer } from '../cluster/identities.ts';
import { pageOf } from '../github/address.ts';
import { askGitHub, gitHubFrom, GitHubError } from '../github/api.ts';
import { isRecord, jsonOf } from '../settings/sentences.ts';

/** A receipt that is kept at GitHub, and who has signed it. */
export interface SignedReceipt {
  readonly receipt: Receipt;
  /** Why its signature does not count; null where it does. */
  readonly doubt: string | null;
}

/** Reads the receipts of an image by its digest, `sha256:` and 64 hex digits. */
export type ReadReceipts = (digest: string) => Promise<readonly SignedReceipt[]>;

/** Which rollout a promotion wants a receipt of. */
export interface Wanted {
  readonly environment: string;
  /** The Application's name. */
  readonly rollout: string;
  readonly digest: string;
}

/**
 * Why a release may not be promoted by its receipts; null where it may. The newest that tells something decides: a release that is rolled
 * out again gets another chance, and one look at a service that stood still takes nothing away.
 */
export function receiptProblem(
  found: readonly SignedReceipt[],
  { environment, rollout, digest }: Wanted,
): string | null {
  const of = found.filter(({ receipt }) => receipt.environment === environment && receipt.rollout === rollout);
  const own = of
    .filter(({ receipt, doubt }) => doubt === null && receipt.image?.endsWith(`@${digest}`) === true)
    .map(({ receipt }) => receipt)
    .toSorted((one, other) => Date.parse(other.window.to) - Date.parse(one.window.to));
  const conclusive = own.find(({ verdict }) => verdict !== 'inconclusive');
  if (conclusive?.verdict === 'lossless') return null;
  const remedy = `Release it again, or promote it with --without-receipt "why".`;
  if (conclusive !== undefined) {
    return `The rollout of ${digest} to ${environment} lost requests: ${receiptWords(conclusive)}. Fix the loss and release the fix, or promote it with --without-receipt "why".`;
  }
  const [newest] = own;
  if (newest !== undefined) {
    return `The receipt of ${digest} in ${environment} tells nothing. ${receiptWords(newest)} ${remedy}`;
  }
  const doubts = [...new Set(of.flatMap(({ doubt }) => doubt ?? []))];
  const why = doubts.length === 0 ? '' : ` ${doubts.join(' ')}`;
  return `${environment} requires a receipt in settings.ts, and there is none of ${digest}: verify writes it when it sees the rollout from its beginning.${why} ${remedy}`;
}

const predicate = z.object({
  rollout: z.string(),
  environment: z.string().nullable(),
  image: z.string().nullable(),
  revision: z.string().nullable(),
  url: z.string(),
  rate: z.number(),
  window: z.object({ from: z.string(), to: z.string() }),
  sent: z.number(),
  lost: z.number(),
  lostByCause: z.record(z.string(), z.number()),
  lostBefore: z.number(),
  latencyMs: z.object({ p50: z.number(), p99: z.number() }),
  verdict: z.enum(['lossless', 'lossy', 'inconclusive']),
  reasons: z.array(z.string()),
});

const statement = z.object({
  predicateType: z.literal(predicateType),
  subject: z.array(z.object({ digest: z.object({ sha256: z.string() }) })),
  predicate,
});

/** Reads a receipt as verify writes it; null for anything else. */
export function readReceipt(text: string): Receipt | null {
  return predicate.safeParse(jsonOf(text)).data ?? null;
}

/** The receipt that a Sigstore bundle states of an image; null for any other bundle. Whether somebody has signed it is another question. */
export function receiptIn(bundle: unknown, digest: string): Receipt | null {
  const envelope = isRecord(bundle) ? bundle['dsseEnvelope'] : null;
  const payload = isRecord(envelope) ? envelope['payload'] : null;
  if (typeof payload !== 'string') return null;
  const read = statement.safeParse(jsonOf(Buffer.from(payload, 'base64').toString()));
  if (!read.success || !read.data.subject.some((one) => `sha256:${one.digest.sha256}` === digest)) return null;
  return read.data.predicate;
}

/**
 * Receipts as GitHub keeps them for a repository, each with the judgement of cosign on its signature: it has to be of the workflow that
 * verifies, on main. The token is ATTESTATIONS_TOKEN, or else GH_TOKEN. Throws {@link UsageError} where there is none.
 */
export function receiptsAtGitHub(environment: NodeJS.ProcessEnv, repository: string): ReadReceipts {
  return async (digest) => {
    const own = environment['ATTESTATIONS_TOKEN'];
    const asking = own === undefined || own === '' ? environment : { ...environment, GH_TOKEN: own };
    const github = gitHubFrom(asking, repository, { option: 'A receipt', rights: 'read attestations' });
    const signer = receiptSignerOf(pageOf(repository, environment) ?? '');
    const path = `attestations/${digest}?per_page=100&predicate_type=${encodeURIComponent(predicateType)}`;
    const answer = await askGitHub(github, 'GET', path).catch((error: unknown) => {
      // GitHub has nothing at all about this digest.
      if (error instanceof GitHubError && error.status === 404) return {};
      throw error;
    });
    const kept = isRecord(answer) && Array.isArray(answer['attestations']) ? answer['attestations'] : [];
    const found: SignedReceipt[] = [];
    for (const bundle of kept.map((one) => (isRecord(one) ? one['bundle'] : null))) {
      const receipt = receiptIn(bundle, digest);
      if (receipt !== null) found.push({ receipt, doubt: await doubtOf(bundle, digest, signer) });
    }
    return found;
  };
}

async function doubtOf(bundle: unknown, digest: string, signer: Signer): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), 'zerodrop-receipt-'));
  const file = join(folder, 'bundle.json');
  try {
    await writeFile(file, JSON.stringify(bundle));
    const about = ['--type', predicateType, '--digest', digest.replace('sha256:', ''), '--digestAlg', 'sha256'];
    const { exitCode, said } = await askCosign(['verify-blob-attestation', '--bundle', file, ...about], signer);
    return exitCode === 0 ? null : `One does not count, because cosign says: ${said}`;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** cosign's own limit for one command is 3 minutes, and a registry that hangs takes all of it. */
const limitMs = 200_000;

/** What cosign found out: how it ended, null where that was by a signal, and its last words. */
interface Found {
  readonly exitCode: number | null;
  readonly said: string;
}

/** Asks cosign whether this signer has signed something. Throws {@link OperationError} where cosign can't be started. */
export async function askCosign(
  command: readonly string[],
  { issuer, subject }: Signer,
  ...about: readonly string[]
): Promise<Found> {
  const identity = ['--certificate-identity', subject, '--certificate-oidc-issuer', issuer];
  return new Promise((resolve, reject) => {
    execFile('cosign', [...command, ...identity, ...about], { timeout: limitMs }, (error, _, stderr) => {
      if (error?.code === 'ENOENT' || error?.code === 'EACCES') return reject(notStarted('cosign', error));
      const code = error === null ? 0 : error.code;
      resolve({ exitCode: typeof code === 'number' ? code : null, said: stderr.trim().split('\n').at(-1) ?? '' });
    });
  });
}
