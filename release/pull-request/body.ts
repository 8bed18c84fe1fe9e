import type { Pin } from '../../apps/pins.ts';
import { repositoryPage } from '../../github/address.ts';
import { fenced, firstLines, harmless, harmlessLine, longestBody } from '../../github/texts.ts';
import type { Refusal } from '../guard.ts';
import { parseImageReference } from '../outcome.ts';
import type { Tree } from '../publish/tree.ts';

/** What a pull request for one environment is about. */
export interface Move {
  /** What merging it does, in a sentence. */
  readonly purpose: string;
  /** What runs now; null for nothing. */
  readonly from: Pin | null;
  readonly to: Pin;
  /** `come` with the new image, or `leave` with the old one. */
  readonly direction: 'come' | 'leave';
  /** Null where the history does not have them. */
  readonly commits: Commits | null;
  readonly refusals: readonly Refusal[];
  readonly allowed: readonly Refusal[];
  /** What merging it does, in Markdown that begins with its heading; null where nobody waits for that. */
  readonly forecast: string | null;
  /** The difference of what is rendered, as git prints it. */
  readonly diff: string;
  /** As in settings.ts: with an https address the commits get links. */
  readonly repository: string;
  /** The command that writes the branch. */
  readonly command: string;
}

/** The body of the pull request, in Markdown, within GitHub's limit: the difference is what is cut. */
export function bodyOf(move: Move): string {
  const foretold = move.forecast === null ? [] : [move.forecast.trim()];
  const head = [
    move.purpose,
    images(move),
    commits(move),
    guard(move),
    ...foretold,
    '### What changes in the cluster',
  ].join('\n\n');
  const foot = `<sub>\`${move.command}\` writes this branch and this text, and its next run replaces both: nothing that is added here stays.</sub>`;
  const diff = harmless(move.diff);
  const frame = [head, fenced('', 'diff'), leftOutNote(diff.length), foot].join('\n\n');
  // Runs of backticks in the difference lengthen the fence, by as many twice.
  const ticks = 2 * Math.max(0, ...[...diff.matchAll(/`+/g)].map(([run]) => run.length));
  const { text, leftOut } = firstLines(diff, longestBody - frame.length - ticks);
  return [head, fenced(text, 'diff'), ...(leftOut === 0 ? [] : [leftOutNote(leftOut)]), foot].join('\n\n');
}

function leftOutNote(lines: number): string {
  return `${lines} lines of the difference are left out. The files of this pull request have all of it.`;
}

function images({ from, to, repository }: Move): string {
  const row = (what: string, pin: Pin): string => {
    const { tag, digest } = parseImageReference(pin.image);
    return `| ${what} | \`${tag}\` | \`${digest}\` | ${commitLink(pin.source, repository)} |`;
  };
  return [
    '| | tag | digest | source |',
    '| --- | --- | --- | --- |',
    from === null ? '| from | nothing | | |' : row('from', from),
    row('to', to),
  ].join('\n');
}

function commits({ from, to, direction, commits: found, repository }: Move): string {
  const heading = `### Commits that ${direction}`;
  if (from === null) return `${heading}\n\nThis is the first release: all of them.`;
  if (found === null) return `${heading}\n\nNot known: the history does not have both sources.`;
  const more = found.total - found.lines.length;
  const [old, next] = direction === 'come' ? [from, to] : [to, from];
  const compare = webAddress(repository, `compare/${old.source}...${next.source}`);
  return [
    heading,
    found.total === 0 ? 'None but releases.' : fenced(found.lines.map(harmlessLine).join('\n'), 'text'),
    ...(more === 0 ? [] : [`And ${more} more.`]),
    ...(compare === null || found.total === 0 ? [] : [`[All of them, with what they change](${compare})`]),
  ].join('\n\n');
}

function guard({ refusals, allowed }: Move): string {
  const heading = '### What the guard says';
  return [
    heading,
    ...(refusals.length === 0 && allowed.length === 0 ? ['Nothing against it.'] : []),
    ...(refusals.length === 0 ? [] : ['**Refuses it:**', sentences(refusals)]),
    ...(allowed.length === 0 ? [] : ['Was allowed:', sentences(allowed)]),
  ].join('\n\n');
}

function sentences(refusals: readonly Refusal[]): string {
  return fenced(harmless(refusals.map(({ sentence }) => sentence).join('\n')), 'text');
}

function commitLink(commit: string, repository: string): string {
  const address = webAddress(repository, `commit/${commit}`);
  return address === null ? commit : `[${commit.slice(0, 7)}](${address})`;
}

/** The user and the password that an address may hold are no part of a page's. */
function webAddress(repository: string, path: string): string | null {
  const page = repositoryPage(repository);
  return page === null ? null : `${page}/${path}`;
}

/** The commits that one source has and another has not. */
export interface Commits {
  /** `abc1234 Subject`, newest first; not all where there are many. */
  readonly lines: readonly string[];
  readonly total: number;
}

const shown = 50;
const longestLine = 120;
// A release is a commit as well, and nothing that an image is made of.
const notReleases = ['.', ':(exclude)manifests', ':(exclude)argocd', ':(exclude)apps/images'];

/** Reads the commits in the history of `to` that are not in that of `from`; null where the clone does not have both. */
export async function commitsBetween(tree: Tree, from: string, to: string): Promise<Commits | null> {
  const range = ['--no-merges', `${from}..${to}`, '--', ...notReleases];
  const counted = await tree.tryGit('rev-list', '--count', ...range);
  if (counted.exitCode !== 0) return null;
  const format = ['--no-show-signature', '--no-color', '--format=%h %s', `--max-count=${shown}`];
  const listed = await tree.git('log', ...format, ...range);
  const lines = listed.split('\n').filter((line) => line !== '');
  return { lines: lines.map(cut), total: Number(counted.stdout) };
}

function cut(line: string): string {
  return line.length <= longestLine ? line : `${line.slice(0, longestLine - 1)}…`;
}

/** What the commit that a tree stands on changes in the rendered files, as git prints it. */
export async function renderedDifference(tree: Tree): Promise<string> {
  const plain = ['--no-color', '--no-ext-diff', '--no-textconv'];
  return tree.git('diff', ...plain, 'HEAD~1', 'HEAD', '--', 'manifests', 'argocd');
}
