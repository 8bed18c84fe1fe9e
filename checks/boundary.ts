import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { trackedFiles } from './tools.ts';

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
