import { type Files, readFiles, shownPath } from 'zerodrop/files';
import { forecast, formats } from 'zerodrop/forecast';
import { type Finding, guard, isAllowedBy } from 'zerodrop/guard';
import type { Tree } from './publish/tree.ts';
import { changedPaths } from './target.ts';

/** One reason of the guard not to commit. */
export interface Refusal extends Pick<Finding, 'rule' | 'path' | 'line' | 'object'> {
  /** What, which, why, and the way out for a release. */
  readonly sentence: string;
}

/** What one commit may break, and the reason that its message keeps. */
export interface Allowance {
  /** Each a rule, or a rule and an object: `replicas-lost`, `replicas-lost Deployment/worker`. */
  readonly rules: readonly string[];
  readonly because: string;
}

/** Refusals, parted into those that an allowance covers and those that stand. */
export interface Parted {
  readonly allowed: readonly Refusal[];
  readonly refusals: readonly Refusal[];
  /** The part of the allowance that was needed; null where none was. */
  readonly used: Allowance | null;
}

/**
 * What the guard refuses in a change of files. Warnings hold no release up, and neither does what an annotation of its object allows.
 *
 * @param returning the folders that become what they have been before
 */
export function refusalsOf(
  before: Files,
  after: Files,
  returning: ReadonlySet<string> = new Set(),
): readonly Refusal[] {
  return guard(manifestsOf(before), manifestsOf(after), { profile: 'lossless', returning })
    .filter(({ severity, annotated }) => severity === 'refuse' && annotated === null)
    .map(({ rule, path, line, object, sentence }) => {
      const wayOut = `Or allow it with --allow ${rule} --because "...".`;
      return { rule, path, line, object, sentence: `${shownPath(path)}: ${sentence} ${wayOut}` };
    });
}

/** The files that Argo CD applies. */
function manifestsOf(files: Files): Files {
  return new Map([...files].filter(([path]) => /^(?:manifests|argocd)(?:\/|$)/.test(path)));
}

/** Parts refusals by what is allowed. What nothing breaks leaves no trace: the history tells what was at stake. */
function allow(refusals: readonly Refusal[], allowance: Allowance | null): Parted {
  const covering = (refusal: Refusal): readonly string[] =>
    (allowance?.rules ?? []).filter((allowed) => isAllowedBy(refusal, allowed));
  const allowed = refusals.filter((refusal) => covering(refusal).length > 0);
  const used = new Set(allowed.flatMap(covering));
  return {
    allowed,
    refusals: refusals.filter((refusal) => covering(refusal).length === 0),
    used: allowance === null || used.size === 0 ? null : { rules: [...used], because: allowance.because },
  };
}

/** What a release may write. */
const releasedPaths = ['apps/images', 'manifests', 'argocd'] as const;

/** What is staged in a tree, as the guard sees it. */
export interface Judged extends Parted {
  /** What merging it does, in Markdown. */
  forecast(): string;
  /** What differs from the commit that the tree stands on. */
  readonly changed: readonly string[];
}

/**
 * Weighs what is staged.
 *
 * @param returning the folders that become what they were, for the guard
 */
export async function judgeStaged(
  tree: Tree,
  allowance: Allowance | null,
  returning: ReadonlySet<string> = new Set(),
): Promise<Judged> {
  const before = await readFiles(tree.gitBytes, 'HEAD', ...releasedPaths);
  const after = await readFiles(tree.gitBytes, await tree.git('write-tree'), ...releasedPaths);
  return {
    forecast: () => formats.markdown(forecast(manifestsOf(before), manifestsOf(after))),
    changed: changedPaths(before, after),
    ...allow(refusalsOf(before, after, returning), allowance),
  };
}

/** Commits what is staged in a tree, as the user and with their hooks. Returns the commit. */
export async function commitStaged(tree: Tree, message: string): Promise<string> {
  await tree.git('commit', '--quiet', '--cleanup=whitespace', `--message=${message}`);
  return tree.git('rev-parse', 'HEAD');
}
