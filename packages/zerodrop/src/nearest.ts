/** The candidate that a misspelt word most likely means; null where none is near, or the word is one of them. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  // A third of the letters may be wrong, and three at most: more is another word.
  let best = Math.min(3, Math.max(1, Math.floor(word.length / 3))) + 1;
  let found: string | null = null;
  for (const candidate of candidates) {
    if (candidate === word) return null;
    if (Math.abs(candidate.length - word.length) >= best) continue;
    const edits = editsBetween(word.toLowerCase(), candidate.toLowerCase(), best);
    if (edits >= best) continue;
    best = edits;
    found = candidate;
  }
  return found;
}

/** ` Did you mean X?`, to be put behind a sentence; empty where nothing is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const found = nearest(word, candidates);
  return found === null ? '' : ` Did you mean ${found}?`;
}

/** `expected one of X, Y. Did you mean X?`, the end of a sentence about a word that is none of them. */
export function expectedOneOf(words: readonly string[], word: unknown): string {
  return `expected one of ${words.join(', ')}.${typeof word === 'string' ? didYouMean(word, words) : ''}`;
}

/** How many letters have to be added, removed, replaced or swapped with their neighbour; `most` where they are as many, or more. */
function editsBetween(one: string, other: string, most: number): number {
  const above = Array.from({ length: other.length + 1 }, (_, index) => index);
  let rows: readonly [readonly number[], readonly number[]] = [above, above];
  for (let i = 1; i <= one.length; i += 1) {
    const [last, previous] = rows;
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const isSame = one[i - 1] === other[j - 1];
      const isSwapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      row.push(
        Math.min(
          (last[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + 1,
          (last[j - 1] ?? 0) + (isSame ? 0 : 1),
          isSwapped ? (previous[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    // Two rows decide on the next one: where no cell of either is below, none will be.
    if (Math.min(...row, ...last) >= most) return most;
    rows = [row, last];
  }
  return rows[0][other.length] ?? 0;
}
