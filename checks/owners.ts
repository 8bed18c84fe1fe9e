import { readFile } from 'node:fs/promises';
import path from 'node:path';
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

const codeOwners = /(?:^|\/)CODEOWNERS$/;
/** The environment and the service of a pin; a pin without the latter is from the time of one service. */
const pin = /^apps\/images\/([a-z0-9-]+)(?:\/[a-z0-9-]+)?\.json$/;

/**
 * A sentence for each line of CODEOWNERS that names an environment which settings.ts does not have, and for each pin of none. Whoever
 * renames an environment has to change them too.
 */
export async function forgottenEnvironments(directory: string): Promise<string[]> {
  const { environments } = await loadSettings(directory);
  const files = (await trackedFiles(directory)).filter((file) => [codeOwners, pin].some((one) => one.test(file)));
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

const file = '.github/CODEOWNERS';

/**
 * A sentence for each owner in CODEOWNERS that is still the example's while the repository is not. GitHub knows no such team there, and
 * asks nobody for an approval.
 */
export async function strangersInCodeOwners(directory: string): Promise<string[]> {
  const { repository } = await loadSettings(directory);
  if (isExampleRepository(repository)) return [];
  return strangers(await readFile(path.join(directory, file), 'utf8').catch(() => ''), repository);
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
    return `${file}:${first}${others} names ${owner}, the example's, but the repository is yours ('${repository}'): GitHub asks nobody on your side for an approval. Write a user or a team of yours.`;
  });
}
