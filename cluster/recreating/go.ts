import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A part of a Go file: its text, and the same text with comments and strings blanked, so that brackets can be counted. */
export interface Code {
  readonly text: string;
  readonly mask: string;
}

const opening = '([{';
const closing = ')]}';
const commentsAndStrings = /\/\/[^\n]*|\/\*[^]*?\*\/|`[^`]*`|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)'/g;

function blank(found: string): string {
  return found.startsWith('/') ? found.replaceAll(/[^\n]/g, ' ') : `"${found.slice(2).replaceAll(/[^\n]/g, '_')}"`;
}

/** Go source as it is read here. */
export function code(text: string): Code {
  return { text, mask: text.replaceAll(commentsAndStrings, blank) };
}

function slice({ text, mask }: Code, start: number, end?: number): Code {
  return { text: text.slice(start, end), mask: mask.slice(start, end) };
}

/** Without blanks around it, and without `&`. */
export function trimmed(part: Code): Code {
  const start = /^[\s&]*/.exec(part.mask)?.[0].length ?? 0;
  return slice(part, start, part.mask.trimEnd().length);
}

/** The index of the bracket that closes the one at `open`. */
function closes(mask: string, open: number): number {
  let depth = 0;
  for (let index = open; index < mask.length; index += 1) {
    const sign = mask.charAt(index);
    if (opening.includes(sign)) depth += 1;
    else if (closing.includes(sign)) depth -= 1;
    if (depth === 0) return index;
  }
  throw new Error('a bracket in the Go source is never closed');
}

/** What is inside of the first such bracket; undefined where there is none. */
export function inside(part: Code, bracket: '(' | '{'): Code | undefined {
  const open = part.mask.indexOf(bracket);
  return open === -1 ? undefined : slice(part, open + 1, closes(part.mask, open));
}

/** The parts between commas that are inside of no bracket. */
export function list(part: Code): Code[] {
  const parts: Code[] = [];
  let start = 0;
  for (let index = 0; index < part.mask.length; index += 1) {
    const sign = part.mask.charAt(index);
    if (opening.includes(sign)) index = closes(part.mask, index);
    else if (sign === ',') {
      parts.push(slice(part, start, index));
      start = index + 1;
    }
  }
  return [...parts, slice(part, start)].map(trimmed).filter(({ text }) => text !== '');
}

/** The entries of a literal such as `map[string]T{"a": x}` or `&T{A: x}`, by key. */
export function entries(literal: Code): ReadonlyMap<string, Code> {
  const body = inside(literal, '{');
  const parts = body === undefined ? [] : list(body);
  return new Map(
    parts.flatMap((part) => {
      const [found, key = ''] = /^("?\w*"?)\s*:(?!=)/.exec(part.mask) ?? [];
      if (found === undefined) return [];
      return [[part.text.slice(0, key.length).replaceAll('"', ''), trimmed(slice(part, found.length))]];
    }),
  );
}

/** A function: what it is given, and its body. */
export interface Func {
  readonly parameters: readonly string[];
  readonly body: Code;
}

async function fileWith(folder: string, pattern: RegExp): Promise<Code | undefined> {
  for (const name of (await readdir(folder)).toSorted()) {
    if (!name.endsWith('.go') || name.endsWith('_test.go')) continue;
    const text = await readFile(join(folder, name), 'utf8');
    if (pattern.test(text)) return code(text);
  }
  return undefined;
}

/** A function of a package by its name; undefined where there is none. */
export async function functionIn(folder: string, name: string): Promise<Func | undefined> {
  const pattern = new RegExp(`^func (?:\\([^)]*\\) )?${name}\\(`, 'm');
  const file = await fileWith(folder, pattern);
  const found = file === undefined ? null : pattern.exec(file.mask);
  if (file === undefined || found === null) return undefined;
  const open = found.index + found[0].length - 1;
  const close = closes(file.mask, open);
  const body = inside(slice(file, file.mask.indexOf(' {\n', close)), '{');
  const parameters = list(slice(file, open + 1, close)).map(({ text }) => text.split(' ')[0] ?? '');
  return body === undefined ? undefined : { parameters, body };
}

/** What a variable of a package is set to; undefined where there is none. */
export async function variableIn(folder: string, name: string): Promise<Code | undefined> {
  const pattern = new RegExp(`^(?:var |\\t)${name}(?: [^=\\n]+)?\\s*= `, 'm');
  const file = await fileWith(folder, pattern);
  const found = file === undefined ? null : pattern.exec(file.mask);
  if (file === undefined || found === null) return undefined;
  const start = found.index + found[0].length;
  return slice(file, start, closes(file.mask, file.mask.indexOf('{', start)) + 1);
}

/** What a function returns in the end. */
export function returned({ body }: Func): Code {
  const start = body.mask.lastIndexOf('\n\treturn ');
  return trimmed(slice(body, start + '\n\treturn '.length));
}
