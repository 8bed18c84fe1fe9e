import { parse } from 'yaml';
import { yamlOptions } from './location.ts';

/** One line that says something. */
interface Line {
  readonly indent: number;
  readonly text: string;
}

/** What this reader leaves to the library. */
class Unusual extends Error {}

const unusual = new Unusual();
const usualKey = /^[A-Za-z][\w./-]*$/;
const doubleQuoted = /^"([^"\\]*)"(?: +#.*)?$/;
const singleQuoted = /^'((?:[^']|'')*)'(?: +#.*)?$/;
/** Words that YAML 1.1 takes for something else than text. */
const special = /^(?:y|n|yes|no|on|off|true|false|null)$/i;

/**
 * Reads the YAML that programs write: block maps and lists, and scalars on one line. Ten times as fast as the library, which a
 * folder of thousands of objects needs. Undefined for everything else, however little unusual it is: the library reads that.
 */
export function readPlain(text: string): { readonly value: unknown } | undefined {
  if (/[^\n -~]/.test(text)) return undefined;
  try {
    const reader = new PlainReader(linesOf(text));
    return { value: reader.document() };
  } catch (error) {
    if (error === unusual) return undefined;
    throw error;
  }
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (const line of text.split('\n')) {
    const begun = line.trimStart();
    if (isNothing(begun)) continue;
    lines.push({ indent: line.length - begun.length, text: begun.trimEnd() });
  }
  return lines;
}

class PlainReader {
  readonly #lines: Line[];
  #at = 0;

  constructor(lines: Line[]) {
    this.#lines = lines;
  }

  document(): unknown {
    const first = this.#lines[0];
    if (first === undefined) return null;
    const value = this.#block(first.indent);
    if (this.#at < this.#lines.length) throw unusual;
    return value;
  }

  #block(indent: number): unknown {
    return isItem(this.#lines[this.#at]) ? this.#list(indent) : this.#map(indent);
  }

  #map(indent: number): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    for (;;) {
      const line = this.#lines[this.#at];
      if (line === undefined || line.indent < indent || (line.indent === indent && isItem(line))) return map;
      const end = line.indent === indent ? endOfKey(line.text) : -1;
      const key = line.text.slice(0, end);
      // A key that stands twice is an error.
      if (end === -1 || Object.hasOwn(map, key)) throw unusual;
      this.#at += 1;
      const rest = line.text.slice(end + 1).trimStart();
      map[key] = isNothing(rest) ? this.#below(indent) : this.#scalar(rest, indent);
    }
  }

  #list(indent: number): unknown[] {
    const list: unknown[] = [];
    for (;;) {
      const line = this.#lines[this.#at];
      if (line === undefined || line.indent < indent || (line.indent === indent && !isItem(line))) return list;
      if (line.indent !== indent) throw unusual;
      const rest = line.text.slice(1).trimStart();
      if (isItem({ indent, text: rest }) && rest !== '') throw unusual;
      if (endOfKey(rest) !== -1) {
        // The rest of the line is the first entry of a map, and stands where its others do.
        const inner = indent + line.text.length - rest.length;
        this.#lines[this.#at] = { indent: inner, text: rest };
        list.push(this.#map(inner));
      } else {
        this.#at += 1;
        list.push(isNothing(rest) ? this.#deeper(indent) : this.#scalar(rest, indent));
      }
    }
  }

  /** The value of a key without one on its line; a list may stand as far left as its key. */
  #below(indent: number): unknown {
    const next = this.#lines[this.#at];
    if (next !== undefined && next.indent === indent && isItem(next)) return this.#list(indent);
    return this.#deeper(indent);
  }

  #deeper(indent: number): unknown {
    const next = this.#lines[this.#at];
    return next !== undefined && next.indent > indent ? this.#block(next.indent) : null;
  }

  #scalar(text: string, indent: number): unknown {
    const next = this.#lines[this.#at];
    // A value that goes on in the next line.
    if (next !== undefined && next.indent > indent) throw unusual;
    if (text === '{}') return {};
    if (text === '[]') return [];
    if (text.startsWith('"')) return doubleQuoted.exec(text)?.[1] ?? plainScalar(text);
    if (text.startsWith("'")) return singleQuoted.exec(text)?.[1]?.replaceAll("''", "'") ?? plainScalar(text);
    return plainScalar(text);
  }
}

/** Whether a text can be a key, for each that was met: there are few, and each stands in thousands of lines. */
const keys = new Map<string, boolean>();

/** Where the key of a line ends, at its colon; -1 for a line that has none, or one that the library had better read. */
function endOfKey(text: string): number {
  const colon = text.indexOf(':');
  if (colon === -1 || (colon + 1 < text.length && text[colon + 1] !== ' ')) return -1;
  const key = text.slice(0, colon);
  let isKey = keys.get(key);
  if (isKey === undefined) {
    // A word such as `on` is another key than it seems.
    isKey = usualKey.test(key) && !special.test(key) && key !== '__proto__';
    if (keys.size > 10_000) keys.clear();
    keys.set(key, isKey);
  }
  return isKey ? colon : -1;
}

function isNothing(text: string): boolean {
  return text === '' || text.startsWith('#');
}

function isItem(line: Line | undefined): boolean {
  return line !== undefined && (line.text === '-' || line.text.startsWith('- '));
}

const known = new Map<string, unknown>();

function plainScalar(text: string): unknown {
  const comment = text.indexOf(' #');
  const value = (comment === -1 ? text : text.slice(0, comment)).trimEnd();
  if (value.includes(': ') || value.endsWith(':')) throw unusual;
  if (/^[A-Za-z/]/.test(value) && !special.test(value)) return value;
  if (!/^(?:[\w+/~]|-\w|\.\d)/.test(value)) throw unusual;
  // Numbers in all of their forms, dates and words: the library decides, once for each.
  if (!known.has(value)) {
    if (known.size > 10_000) known.clear();
    known.set(value, parse(value, yamlOptions));
  }
  return known.get(value);
}
