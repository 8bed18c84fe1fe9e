import type { Tree } from './tree.ts';

/** Reads what these names stand for (`HEAD:path`, `:path` for the index), in order, by one git for all. Null for what is not there. */
export async function readBlobs(tree: Tree, names: readonly string[]): Promise<readonly (string | null)[]> {
  const asked = names.map((name) => `${name}\n`).join('');
  return parseBatch(await tree.gitReading(asked, 'cat-file', '--batch=%(objecttype) %(objectsize)'), names.length);
}

/** The answers of `git cat-file --batch`: each a header, the object's bytes and an end of line; or one line that says it is missing. */
export function parseBatch(printed: string, answers: number): readonly (string | null)[] {
  // Sizes are in bytes.
  const batch = Buffer.from(printed);
  const texts: (string | null)[] = [];
  let at = 0;
  while (texts.length < answers) {
    const end = batch.indexOf('\n', at);
    const header = batch.subarray(at, end === -1 ? undefined : end).toString();
    const size = /^blob (?<size>\d+)$/.exec(header)?.groups?.['size'];
    const from = (end === -1 ? batch.length : end) + 1;
    texts.push(size === undefined ? null : batch.subarray(from, from + Number(size)).toString());
    at = size === undefined ? from : from + Number(size) + 1;
  }
  return texts;
}
