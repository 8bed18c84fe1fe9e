/** The text of one document of a file. */
export interface Piece {
  readonly text: string;
  /** The line of the file at which it begins, from 1. */
  readonly line: number;
}

/** A file, split into documents; `error` says why Kubernetes' reader refuses the file. */
export interface Split {
  readonly pieces: readonly Piece[];
  readonly error: { readonly line: number; readonly says: string } | null;
}

/**
 * Splits a file as Kubernetes does and not as YAML says: only `---` at the beginning of a line parts documents, and nothing but
 * a comment may follow it (k8s.io/apimachinery/pkg/util/yaml/decoder.go). Of each piece only the first YAML document is read. A
 * file that begins with an object of JSON may have several, with nothing between them.
 */
export function split(text: string): Split {
  const pieces: Piece[] = [];
  let start = text.startsWith('\uFEFF') ? 1 : 0;
  let firstLine = 1;
  for (let end = endOfJson(text, start); end !== null; end = endOfJson(text, start)) {
    pieces.push({ text: text.slice(start, end), line: firstLine });
    firstLine += linesIn(text, start, end);
    start = end;
  }
  const rest = /^[^\S\n]*\n?/.exec(text.slice(start, start + 1_000))?.[0].length ?? 0;
  if (pieces.length > 0) {
    firstLine += linesIn(text, start, start + rest);
    start += rest;
  }
  if (pieces.length > 1 && text.slice(start).trim() !== '') {
    return { pieces: [], error: { line: firstLine, says: 'has a text behind objects of JSON' } };
  }
  let line = firstLine;
  for (let at = start; at <= text.length; line += 1) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 ? text.length : newline;
    if (text.startsWith('---', at)) {
      const after = text.slice(at + 3, end).trim();
      if (after !== '' && !after.startsWith('#')) {
        return {
          pieces: [],
          error: { line, says: `has ${JSON.stringify(shortened(after))} behind a document separator` },
        };
      }
      pieces.push({ text: text.slice(start, at), line: firstLine });
      start = end + 1;
      firstLine = line + 1;
    }
    at = end + 1;
  }
  pieces.push({ text: text.slice(start), line: firstLine });
  return { pieces: pieces.filter((piece) => piece.text.trim() !== ''), error: null };
}

/** Where the object of JSON ends that a text has next; null where it has none. */
function endOfJson(text: string, start: number): number | null {
  const begin = start + (/^\s*/.exec(text.slice(start, start + 1_000))?.[0].length ?? 0);
  if (text[begin] !== '{') return null;
  let depth = 0;
  const mark = /"(?:[^"\\\n]|\\.)*"|[{}]/g;
  mark.lastIndex = begin;
  for (let found = mark.exec(text); found !== null; found = mark.exec(text)) {
    if (found[0] === '{') depth += 1;
    else if (found[0] === '}') depth -= 1;
    if (depth === 0) return readJson(text.slice(begin, mark.lastIndex)) === null ? null : mark.lastIndex;
  }
  return null;
}

/** The value that a text of JSON has; null for any other text. */
export function readJson(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

function linesIn(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', start); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function shortened(words: string): string {
  return words.length > 40 ? `${words.slice(0, 40)}...` : words;
}
