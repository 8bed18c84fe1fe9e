import type { Ended } from 'zerodrop/command';
import { type Files, readFiles, shownPath } from 'zerodrop/files';
import { forecast, formats } from 'zerodrop/forecast';
import { type Finding, guard, guardCommand as judge, isAllowedBy } from 'zerodrop/guard';
import { type Allowance, readArguments, required } from './options.ts';
import { changedPaths, findWorkingCopy } from './publish/render.ts';
import type { Tree } from './publish/tree.ts';

/** One reason of the guard not to commit. */
export interface Refusal extends Pick<Finding, 'rule' | 'path' | 'line' | 'object'> {
  /** What, which, why, and the way out for a release. */
  readonly sentence: string;
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

const usage = `npm run release -- guard --base REF [options]

Says whether merging a branch into REF would cost requests or data. It is zerodrop guard (packages/zerodrop), by the profile lossless
and on what Argo CD applies, manifests/ and argocd/. docs/concepts/guard.md tells how to allow a finding, and docs/concepts/guard.md#the-rules where the
rules are. For two folders there is npx --no zerodrop guard --before DIR --after DIR.

  --base REF            what the branch is to be merged into, such as origin/main
  --head REF            the branch (HEAD)
  --format FORMAT       text, json, github, sarif, markdown (text)
  --directory DIR       anywhere in the clone (the current directory)

Exit: 0 nothing is refused, 1 something is refused, 2 wrong use, 3 the commits could not be compared, 130 interrupted.
`;

/** `npm run release -- guard` */
export async function guardCommand(args: readonly string[]): Promise<Ended> {
  const values = readArguments(
    args,
    {
      base: { type: 'string' },
      head: { type: 'string', default: 'HEAD' },
      format: { type: 'string', default: 'text' },
      directory: { type: 'string', default: '.' },
      help: { type: 'boolean', short: 'h', default: false },
    },
    'guard ',
  );
  if (values.help) return { stdout: usage, stderr: '', exitCode: 0 };
  const { head, format } = values;
  const base = required('--base', values.base, 'what the branch is to be merged into, such as origin/main');
  const asked = Object.entries({
    base,
    head,
    format,
    profile: 'lossless',
    directory: await findWorkingCopy(values.directory),
  });
  const options = asked.map(([name, value]) => `--${name}=${value}`);
  return judge([...options, 'manifests', 'argocd']);
}
