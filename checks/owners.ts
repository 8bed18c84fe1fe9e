import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { codeOwners, codeOwnersPath } from '../github/code-owners.ts';
import { isExampleRepository } from '../settings/cross-checks.ts';
import { loadSettings } from '../settings/load.ts';
import { trackedFiles } from './tools.ts';

/** A place in a file that names an environment. */
interface Mention {
  readonly file: string;
  readonly line: number;
  readonly name: string;
}

/** A file of the repository with its text. */
interface Source {
  readonly file: string;
  readonly text: string;
}

/** The environment and the service of a pin; a pin without the latter is from the time of one service. */
const pin = /^apps\/images\/([a-z0-9-]+)(?:\/[a-z0-9-]+)?\.json$/;

/**
 * A sentence for each line of CODEOWNERS that names an environment which settings.ts does not have, and for each pin of none. Whoever
 * renames an environment has to change them too.
 */
export async function forgottenEnvironments(directory: string): Promise<string[]> {
  const { environments } = await loadSettings(directory);
  const files = (await trackedFiles(directory)).filter((file) => file === codeOwnersPath || pin.test(file));
  const sources = await Promise.all(
    files.map(async (file) => ({ file, text: await readFile(path.join(directory, file), 'utf8').catch(() => null) })),
  );
  const present = sources.flatMap(({ file, text }) => (text === null ? [] : [{ file, text }]));
  return environmentProblems(
    present,
    environments.map(({ name }) => name),
  );
}

/** What is wrong with these files where these are the environments. */
export function environmentProblems(sources: readonly Source[], environments: readonly string[]): string[] {
  const known = environments.join(', ');
  return sources.flatMap((source) => {
    const [, pinned] = pin.exec(source.file) ?? [];
    if (pinned !== undefined) {
      return environments.includes(pinned)
        ? []
        : [
            `${source.file} is the pin of '${pinned}', which settings.ts does not have (it has ${known}). Rename it with git mv if you renamed the environment, or remove it.`,
          ];
    }
    return ownedEnvironments(source)
      .filter(({ name }) => !environments.includes(name))
      .map(
        ({ file, line, name }) =>
          `${file}:${line} names the environment '${name}', which settings.ts does not have. Write one that it has, ${known}, or remove the line.`,
      );
  });
}

/** The environments whose files a CODEOWNERS file gives to somebody. */
function ownedEnvironments({ file, text }: Source): readonly Mention[] {
  return text.split('\n').flatMap((line, index) => {
    const [, folder, images] =
      /^\s*\/?(?:manifests\/([a-z0-9-]+)(?:\/|\s|$)|apps\/images\/([a-z0-9-]+)(?:\/|\.json|\s|$))/.exec(line) ?? [];
    const name = folder ?? images;
    return name === undefined ? [] : [{ file, line: index + 1, name }];
  });
}

/** A sentence where CODEOWNERS is not what the owners of settings.ts make it. Writes nothing. */
export async function driftOfCodeOwners(directory: string): Promise<string[]> {
  const rendered = codeOwners(await loadSettings(directory)).get(codeOwnersPath);
  const present = await readFile(path.join(directory, codeOwnersPath), 'utf8').catch(() => null);
  if (rendered === undefined || rendered === present) return [];
  const what = present === null ? 'is missing' : 'is not what owners in settings.ts make it';
  return [`${codeOwnersPath} ${what}. Change them there, run npm run synth, and commit the result.`];
}

/**
 * A sentence for each owner in CODEOWNERS that is still the example's while the repository is not. GitHub knows no such team there, and
 * asks nobody for an approval.
 */
export async function strangersInCodeOwners(directory: string): Promise<string[]> {
  const { repository } = await loadSettings(directory);
  if (isExampleRepository(repository)) return [];
  return strangers(await readFile(path.join(directory, codeOwnersPath), 'utf8').catch(() => ''), repository);
}

/** The owners of the example in the text of a CODEOWNERS file, a sentence each. */
export function strangers(text: string, repository: string): string[] {
  const lines = new Map<string, number[]>();
  for (const [index, line] of text.split('\n').entries()) {
    const [rule = ''] = line.split('#');
    for (const [owner] of rule.matchAll(/(?<=\s)@example(?:\/[\w-]+)?(?=\s|$)/g)) {
      lines.set(owner, [...(lines.get(owner) ?? []), index + 1]);
    }
  }
  return [...lines].map(([owner, [first, ...more]]) => {
    const others = more.length === 0 ? '' : ` (and ${more.length} more ${more.length === 1 ? 'line' : 'lines'})`;
    return `${codeOwnersPath}:${first}${others} names ${owner}, the example's, but the repository is yours ('${repository}'): GitHub asks nobody on your side for an approval. Write users or teams of yours as owners in settings.ts, and run npm run synth.`;
  });
}
