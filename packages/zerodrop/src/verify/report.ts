import { writeFile } from 'node:fs/promises';
import { type Ended, OperationError, UsageError } from '../errors.ts';
import { type Expected, tagOf } from './expected.ts';
import { type Receipt, receiptWords, type Subject } from './receipt.ts';
import type { Verified } from './verify.ts';

// What programs import as zerodrop/verify.
export { type Expected, longestMs, readExpected, tagOf } from './expected.ts';
export type { Ending, History } from './follow.ts';
export { type Fetching, findCommit, lineage, treeAt } from './expected.ts';
export { type Attempt, longestTogetherMs, type Verification, type Verified, verifyOn } from './verify.ts';
export { mostRate, startTraffic, type Traffic } from './traffic.ts';
export { predicateType, type Receipt, receiptWords } from './receipt.ts';

/** How the rollout of a Deployment or an Application ended. */
export interface Named {
  readonly name: string;
  readonly verified: Verified<null>;
}

/** What a verification came to. */
export interface Outcome {
  /** What was verified, for a person. */
  readonly name: string;
  readonly url: string | null;
  readonly all: readonly Named[];
  /** What the load met: null where no pod was replaced meanwhile, undefined where there was no load. */
  readonly measured?: Receipt | null | undefined;
}

/** What is printed at the end: on stdout what runs, on stderr what does not and why. */
export function report(outcome: Outcome, isJson = false): Ended {
  const exitCode = exitCodeOf(outcome);
  const failures = failureWords(outcome);
  if (isJson) return { stdout: `${JSON.stringify(json(outcome, exitCode), null, 2)}\n`, stderr: failures, exitCode };
  const losses = lossWords(outcome);
  if (failures !== '') return { stdout: '', stderr: failures + losses, exitCode };
  const { name, url, all } = outcome;
  const lines = all.map(({ name: of, verified }) => {
    if (verified.kind === 'failed') return '';
    const { expected, isSuperseded, tookMs } = verified;
    const after = isSuperseded ? ', a later commit than the one to verify' : '';
    const what = of === name ? name : `${name}/${of}`;
    const answers = url === null ? '' : `, and ${url} answers`;
    return `${what} runs ${nameOf(expected)}${after}: rolled out after ${(tookMs / 1_000).toFixed(1)} s${answers}.\n`;
  });
  const isLossless = exitCode === 0;
  return { stdout: lines.join('') + (isLossless ? losses : ''), stderr: isLossless ? '' : losses, exitCode };
}

function exitCodeOf({ all, measured }: Outcome): number {
  if (all.some(({ verified }) => verified.kind === 'failed') || measured?.verdict === 'lossy') return 1;
  return measured?.verdict === 'inconclusive' ? 4 : 0;
}

function failureWords({ all }: Outcome): string {
  const failed = all.flatMap(({ name, verified }) => {
    if (verified.kind !== 'failed') return [];
    const { expected, reason, lastWords } = verified;
    const words = `${name}: ${nameOf(expected)} is not rolled out. ${reason}`;
    return [lastWords === '' ? words : `${words}\n${lastWords}`];
  });
  return failed.map((words) => `${words}\n`).join('');
}

function lossWords({ measured, url }: Outcome): string {
  if (measured === undefined) return '';
  if (measured === null) return `No pod was replaced while the load ran against ${url}, so there is no receipt.\n`;
  return `Load of ${measured.rate} + ${measured.rate} requests a second: ${receiptWords(measured)}\n`;
}

function json({ name, url, all, measured }: Outcome, exitCode: number): object {
  const rollouts = all.map(({ name: of, verified }) => {
    const { commit, image } = verified.expected;
    const isFailed = verified.kind === 'failed';
    const ended = isFailed ? { reason: verified.reason, says: verified.lastWords } : { tookMs: verified.tookMs };
    return { name: of, isRolledOut: !isFailed, commit, image, ...ended };
  });
  return { name, url, exitCode, rollouts, ...(measured === undefined ? {} : { receipt: measured }) };
}

/** What a receipt is about, by what was verified. */
export function subjectOf(
  rollout: string,
  environment: string | null,
  all: readonly Named[],
): Omit<Subject, 'url' | 'rate'> {
  const expected = all.map(({ verified }) => verified.expected);
  const revision = expected[0]?.commit ?? '';
  return {
    rollout,
    environment,
    image: onlyDigest(expected),
    revision: revision === '' ? null : revision,
    isRolledOut: all.length > 0 && all.every(({ verified }) => verified.kind === 'rolled-out'),
  };
}

function onlyDigest(expected: readonly Pick<Expected, 'image'>[]): string | null {
  const [image, ...others] = new Set(expected.flatMap((one) => one.image ?? []));
  return others.length === 0 && image !== undefined && /@sha256:[0-9a-f]{64}$/.test(image) ? image : null;
}

/** Throws {@link UsageError} where there is no digest, or more than one, that a statement could be about. */
export function requireDigest(expected: readonly Pick<Expected, 'image'>[]): void {
  if (onlyDigest(expected) !== null) return;
  const images = expected.flatMap(({ image }) => image ?? []);
  throw new UsageError(
    `A receipt is about one image by its digest, and the manifests have ${images.length === 0 ? 'none' : images.join(', ')}. Pin the image by its digest (NAME:TAG@sha256:...), or name one Deployment by --deployment.`,
  );
}

/** Writes a receipt, for whatever signs it. */
export async function writeReceipt(file: string, receipt: Receipt): Promise<void> {
  await writeFile(file, `${JSON.stringify(receipt, null, 2)}\n`).catch((cause: unknown) => {
    throw new OperationError(`The receipt can't be written to ${file}. Name another file by --receipt.`, { cause });
  });
}

/** A version by its tag and commit, as far as they are known. */
function nameOf({ image, commit }: Expected): string {
  const at = commit.slice(0, 7);
  if (image === null) return at === '' ? 'its newest template' : `commit ${at}`;
  return `${tagOf(image) ?? image} (${at})`;
}
