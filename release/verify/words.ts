import type { Ended } from 'zerodrop/command';
import { type Attempt, type Expected, tagOf, type Verified } from 'zerodrop/verify';
import type { WentBack } from './go-back.ts';

/** What a verification prints at its end: on stdout what runs, on stderr what does not and why. */
export function verifiedReport(environment: string, url: string | null, verified: Verified<WentBack>): Ended {
  if (verified.kind === 'rolled-out') {
    const { expected, isSuperseded, tookMs } = verified;
    const after = isSuperseded ? ', a later commit than the one to verify' : '';
    const line = `${environment} runs ${nameOf(expected)}${after}: rolled out after ${seconds(tookMs)}${answers(url)}.\n`;
    return { stdout: line, stderr: '', exitCode: 0 };
  }
  const { expected, reason, lastWords } = verified;
  const { taken, back } = verified.reaction;
  const lines = [
    `${nameOf(expected)} is not rolled out to ${environment}. ${reason}`,
    ...(lastWords === '' ? [] : [lastWords]),
    ...(taken.kind === 'left'
      ? [`Not rolled back. ${taken.because}`]
      : [`Rolled back from ${taken.from} to ${taken.to}: ${taken.commit} reverts it.`, backWords(environment, back)]),
  ];
  return { stdout: '', stderr: `${lines.join('\n')}\n`, exitCode: 1 };
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
