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
 * a comment may follow it (k8s.io/apimachinery/pkg/util/yaml/decoder.go). Of each piece only the first YAML document is read.
 */
export function split(text: string): Split {
  const pieces: Piece[] = [];
  let start = text.startsWith('\uFEFF') ? 1 : 0;
  let firstLine = 1;
  let line = 1;
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

function shortened(words: string): string {
  return words.length > 40 ? `${words.slice(0, 40)}...` : words;
}
