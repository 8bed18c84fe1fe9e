import type { Ended } from 'zerodrop/command';
import { OperationError, UsageError } from 'zerodrop/errors';
import {
  type Attempt,
  type Expected,
  type Fetching,
  lineage,
  type Receipt,
  receiptWords,
  startTraffic,
  tagOf,
  type Traffic,
  treeAt,
  type Verification,
  type Verified,
  verifyOn,
  writeReceipt,
} from 'zerodrop/verify';
import { argoNamespace } from '../../apps/argo/application.ts';
import { manifestsPath } from '../../apps/pins.ts';
import type { Surroundings } from '../publish/race.ts';
import { mainBranch } from '../publish/remote.ts';
import { goBack, readTarget, type VerifiedTarget, type WentBack } from './go-back.ts';

/** Main of the remote that Argo CD follows. */
export function mainOf({ directory, remote, callMs, signal }: Surroundings): Fetching {
  return { directory, remote, branch: mainBranch, callMs, signal };
}

/** What a service answers its version at. */
const versionPath = '/version';

/** How the rollout of a target is verified, as the package wants to know it. */
export function verificationOf(verified: VerifiedTarget): Verification {
  const { target, expected, withinMs, surroundings, tell } = verified;
  const { directory, clock, signal } = surroundings;
  const { url } = target.workload;
  const name = target.service.name;
  return {
    followed: {
      namespace: target.namespace,
      deployment: { name, selector: `app.kubernetes.io/name=${name}`, service: null },
      application: { name: target.name, namespace: argoNamespace },
    },
    expected,
    history: {
      lineage: async (awaited, found) => lineage(mainOf(surroundings), awaited, found),
      manifestsAt: async (commit) => treeAt(directory, commit, manifestsPath(target.path)),
      expectedAt: async (commit) => readTarget(directory, target.path, commit),
    },
    endpoint: url === undefined ? null : { url, path: versionPath },
    withinMs,
    permissions: 'docs/how-to/verify-a-rollout.md',
    pause: async (time, until) => clock.pause(time, until),
    signal,
    tell,
  };
}

/**
 * Verifies a target on the cluster of a kubeconfig's context, null for the current one, and rolls a release back that fails where the
 * settings want that. Throws OperationError where the cluster can't be asked, or may not be.
 */
export async function verifyTarget(context: string | null, verified: VerifiedTarget): Promise<VerifiedRelease> {
  const { environment, workload } = verified.target;
  const { signal } = verified.surroundings;
  const rate = environment.receipts?.rate;
  const address = workload.url === undefined ? null : new URL(versionPath, workload.url).href;
  const traffic = rate === undefined || address === null ? null : await startTraffic(address, rate, signal);
  const measured = traffic === null ? null : measuredBy(traffic, verified);
  try {
    const verification = { ...verificationOf(verified), ...measured?.hooks };
    const ended = await verifyOn(context, verification, async (failed, again) => goBack(verified, failed, again));
    return { ...ended, receipt: measured?.receipt() };
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    throw new OperationError(cause.message, { cause });
  } finally {
    await traffic?.abandon();
  }
}

/** How a verification ended, and what its load met: null where no pod was replaced meanwhile, undefined where there was no load. */
export type VerifiedRelease = Verified<WentBack> & { readonly receipt?: Receipt | null | undefined };

/** What a verification has to do so that a load sees its rollout, and what that load met. */
function measuredBy(traffic: Traffic, { environment, target, receiptFile }: VerifiedTarget) {
  let receipt: Receipt | null = null;
  const losses: Verification['losses'] = async ({ ending }) => {
    const { image, commit: revision } = ending.expected;
    const isRolledOut = ending.kind === 'rolled-out';
    receipt = await traffic.end({ rollout: target.name, environment, image, revision, isRolledOut });
    if (receipt !== null && receiptFile !== null) await writeReceipt(receiptFile, receipt);
    if (receipt?.verdict !== 'lossy') return null;
    return { kind: 'lost', says: `${receiptWords(receipt)}.`, before: receipt.lostBefore > 0 };
  };
  const hooks: Pick<Verification, 'watching' | 'losses'> = { watching: (watch) => traffic.watch(watch), losses };
  return { hooks, receipt: () => receipt };
}

/** What a verification prints at its end: on stdout what runs, on stderr what does not and why. */
export function verifiedReport(environment: string, url: string | null, verified: VerifiedRelease): Ended {
  if (verified.kind === 'rolled-out') {
    const { expected, isSuperseded, tookMs, receipt } = verified;
    const after = isSuperseded ? ', a later commit than the one to verify' : '';
    const line = `${environment} runs ${nameOf(expected)}${after}: rolled out after ${seconds(tookMs)}${answers(url)}.\n`;
    return { stdout: line + lossWords(receipt), stderr: '', exitCode: 0 };
  }
  const { lastWords, receipt, reason } = verified;
  const { taken, back } = verified.reaction;
  const lines = [
    headline(verified, environment),
    ...(isLoss(receipt, reason) ? [] : [lossWords(receipt).trimEnd()]),
    lastWords,
    ...(taken.kind === 'left'
      ? [`Not rolled back. ${taken.because}`]
      : [`Rolled back from ${taken.from} to ${taken.to}: ${taken.commit} reverts it.`, backWords(environment, back)]),
  ];
  return { stdout: '', stderr: lines.flatMap((line) => (line === '' ? [] : `${line}\n`)).join(''), exitCode: 1 };
}

function headline(
  { expected, reason, receipt }: Extract<VerifiedRelease, { kind: 'failed' }>,
  environment: string,
): string {
  if (isLoss(receipt, reason)) return `The rollout of ${nameOf(expected)} to ${environment} lost requests. ${reason}`;
  return `${nameOf(expected)} is not rolled out to ${environment}. ${reason}`;
}

/** Whether its losses are why a release failed. */
function isLoss(receipt: VerifiedRelease['receipt'], reason: string): boolean {
  return receipt?.verdict === 'lossy' && reason === `${receiptWords(receipt)}.`;
}

function lossWords(receipt: VerifiedRelease['receipt']): string {
  if (receipt === undefined) return '';
  if (receipt === null) return 'No pod was replaced while the load ran, so there is no receipt.\n';
  return `Load of ${receipt.rate} + ${receipt.rate} requests a second: ${receiptWords(receipt)}\n`;
}

function backWords(environment: string, back: Attempt | null): string {
  if (back === null) return `That release had no Deployment of the service to wait for. Look at ${environment} now.`;
  const { ending, objection, tookMs } = back;
  const name = nameOf(ending.expected);
  if (ending.kind === 'failed') return `${name} did not come back either. ${ending.reason} Look at ${environment} now.`;
  if (objection !== null) return `${name} runs again, but ${objection.says} Look at ${environment} now.`;
  return `${name} runs again after ${seconds(tookMs)}. The source code is unchanged: fix it or revert it, and merge.`;
}

function answers(url: string | null): string {
  return url === null
    ? '; its endpoint was not checked, because apps/services/ has no url for it'
    : `, and ${url} answers as that version`;
}

function nameOf({ image, commit }: Expected): string {
  return `${(image === null ? null : tagOf(image)) ?? image ?? ''} (${commit.slice(0, 7)})`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
