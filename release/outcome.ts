import type { Commit } from './commit.ts';
import type { Refusal } from './guard.ts';

/** How a release ended. */
export type Outcome =
  | { readonly kind: 'committed'; readonly commit: Commit; readonly allowed: readonly Refusal[] }
  /** The branch has it already. */
  | { readonly kind: 'unchanged'; readonly environment: string; readonly image: string }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] };

/** What the command prints and how it exits. */
export interface Report {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** The words for an outcome: on stdout the one line that a program wants, everything else on stderr. */
export function report(outcome: Outcome): Report {
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
