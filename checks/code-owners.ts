import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isExampleRepository } from '../settings/example.ts';
import { loadSettings } from '../settings/load.ts';

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
    return `${file}:${first}${others} names ${owner}, the example's, but the repository is yours ('${repository}'): GitHub asks nobody of yours for an approval. Write a user or a team of your own.`;
  });
}
