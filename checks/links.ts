import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { trackedFiles } from './tools.ts';

const link = /!?\[[^\]]*\]\(<?([^)\s>]+)>?[^)]*\)|(?:src|href)="([^"]+)"/g;

/** A link to a file of the repository. */
interface Link {
  /** Relative to the file that has the link; empty for a heading of that file. */
  readonly file: string;
  /** The heading, as GitHub names it in an address; empty for the whole file. */
  readonly anchor: string;
}

/** The links of a Markdown text that lead to files of the repository, or to headings. */
export function relativeLinks(markdown: string): Link[] {
  return [
    ...proseOf(markdown)
      .replaceAll(/`[^`\n]*`/g, '')
      .matchAll(link),
  ]
    .map(([, inline, attribute]) => inline ?? attribute ?? '')
    .filter((target) => !/^([a-z][a-z+.-]*:|\/\/)/i.test(target))
    .map((target) => {
      const [file = '', anchor = ''] = target.replace(/\?[^#]*/, '').split('#');
      return { file: decodeURIComponent(file), anchor };
    });
}

/** The names that GitHub gives the headings of a Markdown text: lower case, no punctuation, a number at one that repeats. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  const times = new Map<string, number>();
  for (const [, heading = ''] of proseOf(markdown).matchAll(/^#{1,6} +(.*?) *#*$/gm)) {
    const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const name = text.replaceAll(/[^\p{L}\p{N}_\- ]/gu, '').replaceAll(' ', '-');
    const before = times.get(name) ?? 0;
    times.set(name, before + 1);
    anchors.add(before === 0 ? name : `${name}-${before}`);
  }
  return anchors;
}

/** A sentence for each relative link in the tracked Markdown files that leads nowhere. */
export async function brokenLinks(directory: string): Promise<string[]> {
  const files = (await trackedFiles(directory)).filter((file) => file.endsWith('.md'));
  const broken = await Promise.all(files.map((file) => brokenIn(directory, file)));
  return broken.flat();
}

async function brokenIn(directory: string, file: string): Promise<string[]> {
  const text = await readFile(path.join(directory, file), 'utf8');
  const problems = relativeLinks(text).map(async (target) => {
    const found = target.file === '' ? file : path.join(path.dirname(file), target.file);
    const entry = await stat(path.resolve(directory, found)).catch(() => null);
    if (entry === null) return `${file} links to ${target.file}, which is not there.`;
    if (target.anchor === '' || !entry.isFile() || !found.endsWith('.md')) return null;
    const headings = anchorsOf(await readFile(path.resolve(directory, found), 'utf8'));
    if (headings.has(target.anchor)) return null;
    return `${file} links to #${target.anchor} of ${found}, which has no such heading.`;
  });
  return (await Promise.all(problems)).filter((problem) => problem !== null);
}

/** A Markdown text without its blocks of code. */
function proseOf(markdown: string): string {
  return markdown.replaceAll(/^ *(```|~~~)[\s\S]*?^ *\1/gm, '');
}

const specifier = /\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g;

/**
 * A sentence for each import that crosses the border of a package: one from a package into the repository around it, or by a path
 * from the repository into a package. The repository uses a package by its name, as anyone would.
 */
export async function crossedBoundaries(directory: string): Promise<string[]> {
  const files = (await trackedFiles(directory)).filter((file) => /\.(?:ts|mts|js|mjs)$/.test(file));
  const crossed = await Promise.all(
    files.map(async (file) => crossings(file, await readFile(path.join(directory, file), 'utf8').catch(() => ''))),
  );
  return crossed.flat();
}

/** The imports of one file that cross a border. */
export function crossings(file: string, text: string): string[] {
  const home = packageOf(file);
  return [...text.matchAll(specifier)].flatMap(([, target = '']) => {
    if (!target.startsWith('.')) return [];
    const there = packageOf(path.posix.join(path.posix.dirname(file), target));
    if (there === home) return [];
    const remedy =
      home === null
        ? `Import it by the name of the package, ${path.posix.basename(there ?? '')}.`
        : 'A package must not import from the repository around it. Move what both need into the package.';
    return [`${file} imports ${target}, across the border of ${there ?? home ?? ''}. ${remedy}`];
  });
}

function packageOf(file: string): string | null {
  return /^packages\/[^/]+/.exec(file)?.[0] ?? null;
}

/** With more files than this, nobody finds an idea any more: 350 with those of the example service. Tests are not counted. */
const mostFiles = 330;

/** What an owner adds to as they like. */
const owned = /^(?:service|apps\/services)\/|^[^/]+$|(?:^|\/)tests\//;

/** A sentence where there are too many source files beside those that an owner adds. How long one may be, the linter holds. */
export function tooManySources(files: readonly string[], most = mostFiles): string[] {
  const { length } = files.filter((file) => /\.(?:ts|mts|js|mjs|cjs)$/.test(file) && !owned.test(file));
  return length > most
    ? [`There are ${length} source files, and ${most} are the most. Merge small ones that hold one idea.`]
    : [];
}
