import { posix } from 'node:path';
import { changedPaths } from '../changed-paths.ts';
import { readCommittedAt } from '../committed.ts';
import { parseManifests } from '../guard/documents.ts';
import { guard, type Refusal } from '../guard/guard.ts';
import { allowances, type CommitAllowance } from './allowances.ts';
import { range, trailingCommits } from './range.ts';
import { returningFolders } from './returning.ts';

/** A refusal that a commit of the branch allows. */
export interface AllowedRefusal extends Refusal {
  readonly allowance: CommitAllowance;
}

/** What the guard says of a branch. */
export interface Review {
  readonly standing: readonly Refusal[];
  readonly allowed: readonly AllowedRefusal[];
  /** What the branch's authors should know besides: trailers that allow nothing. */
  readonly notes: readonly string[];
}

/** Reviews what `head` would bring to `base`, from what is committed. */
export async function review(directory: string, base: string, head = 'HEAD'): Promise<Review> {
  const { from, to } = await range(directory, base, head);
  const [before, after] = await Promise.all(
    [from, to].map((revision) => readCommittedAt(directory, revision, 'manifests', 'argocd')),
  );
  const files = { before: before ?? new Map<string, string>(), after: after ?? new Map<string, string>() };
  const folders = new Set(changedPaths(files.before, files.after).map((path) => posix.dirname(path)));
  const returning = await returningFolders(directory, { from, to }, [...folders]);
  const refusals = guard(parseManifests(files.before), parseManifests(files.after), returning);
  const { granted, notes } = allowances(await trailingCommits(directory, { from, to }));
  return { ...parted(refusals, granted), notes };
}

/** Parts refusals by what commits allow; of several allowances of a rule, the newest tells why. */
function parted(refusals: readonly Refusal[], granted: readonly CommitAllowance[]): Omit<Review, 'notes'> {
  const byRule = new Map(granted.map((allowance) => [allowance.rule, allowance]));
  return {
    standing: refusals.filter(({ rule }) => !byRule.has(rule)),
    allowed: refusals.flatMap((refusal) => {
      const allowance = byRule.get(refusal.rule);
      return allowance === undefined ? [] : [{ ...refusal, allowance }];
    }),
  };
}
