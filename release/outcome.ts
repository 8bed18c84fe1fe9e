import type { Ended } from 'zerodrop/command';
import type { Commit } from './commit.ts';
import type { Refusal } from './guard.ts';
import type { Decision } from './history/decision.ts';
import { named, tellApart } from './image.ts';

/** How a release ended. */
export type Outcome =
  | { readonly kind: 'committed'; readonly commit: Commit; readonly allowed: readonly Refusal[] }
  /** The branch has it already. */
  | { readonly kind: 'unchanged'; readonly environment: string; readonly image: string }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] };

/** The words for an outcome: on stdout the one line that a program wants, everything else on stderr. */
export function report(outcome: Outcome): Ended {
  if (outcome.kind === 'refused') {
    const reasons = outcome.refusals.map(({ sentence }) => sentence);
    return { stdout: '', stderr: lines([...reasons, 'Refused: nothing is written.']), exitCode: 1 };
  }
  if (outcome.kind === 'unchanged') {
    const { environment, image } = outcome;
    return { stdout: `Nothing to commit: ${environment} has ${image} already.\n`, stderr: '', exitCode: 0 };
  }
  const { commit, allowed } = outcome;
  const passed = allowed.map(({ rule, path, object }) => `Allowed ${rule}: ${path}: ${object}`);
  return { stdout: `${commit.shortHash} ${commit.subject}\n`, stderr: lines(passed), exitCode: 0 };
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}

/** Why a release does not go on, in a sentence. */
export function decisionWords(environment: string, decision: Exclude<Decision, { readonly kind: 'go' }>): string {
  if (decision.kind === 'superseded') {
    return `superseded: ${environment} has ${named(decision.pinned)}, which is newer. Nothing is changed.\n`;
  }
  if (decision.kind === 'built-again') {
    const [wanted, pinned] = tellApart(decision.wanted, decision.pinned, []);
    return `superseded: the same source was built again since. ${environment} has ${pinned}, which was released after ${wanted}. Nothing is changed: roll back to return to the former build, or release it with --again.\n`;
  }
  const { former, pinned } = decision;
  const [from, to] = pinned === null ? [named(former), 'nothing'] : tellApart(former, pinned, [named]);
  return `rolled back: ${environment} was rolled back from ${from} to ${to}, and this release is not newer. Nothing is changed: release a newer commit, or this one with --again.\n`;
}

/** What became of a pull request that there is no reason for any more. */
export function withdrawnWords(url: string | null): string {
  return url === null ? '' : `Closed ${url}\n`;
}
