import { type Document, isAlias, isCollection, LineCounter, parseDocument, visit } from 'yaml';
import { yamlOptions } from './location.ts';
import { readPlain } from './plain.ts';

/** Why a document can't be read, or what of it is not read. Lines count from 1 within the text. */
export interface PieceError {
  readonly kind: 'broken' | 'no object';
  readonly line: number;
  readonly says: string;
}

/** What one document says, or why it can't be read. */
export type Content =
  | { readonly value: unknown; readonly error: null }
  | { readonly value: null; readonly error: PieceError };

// Deeper than any manifest, and shallow enough for every recursive reader behind this one.
const deepest = 200;

/** Reads the text of one document. Throws nothing, whatever the text is. */
export function readPiece(text: string): Content {
  if (nestsTooDeep(text)) return broken(1, 'is nested too deeply');
  if (text.trimStart().startsWith('{')) {
    const json = readJson(text);
    if (json !== null) return json;
  }
  const plain = readPlain(text);
  if (plain !== undefined) return { ...plain, error: null };
  const lineCounter = new LineCounter();
  const at = (offset: number | undefined): number => lineCounter.linePos(offset ?? 0).line;
  try {
    const document = parseDocument(text, { ...yamlOptions, lineCounter });
    const [error] = document.errors;
    if (error?.code === 'MULTIPLE_DOCS') {
      const says = 'begins a second document without a line --- before it, which Kubernetes does not read';
      return { value: null, error: { kind: 'no object', line: Math.max(1, at(error.pos[0])), says } };
    }
    if (error !== undefined) return broken(at(error.pos[0]), `is not YAML (${firstLine(error.message)})`);
    const tag = document.warnings.find(({ code }) => code === 'TAG_RESOLVE_FAILED');
    if (tag !== undefined)
      return broken(at(tag.pos[0]), `has a tag that Kubernetes does not know (${firstLine(tag.message)})`);
    const oddity = /[*{[?]/.test(text) ? oddityOf(document) : null;
    if (oddity !== null) return broken(at(oddity.offset), oddity.says);
    return { value: document.toJS(), error: null };
  } catch (error) {
    // More aliases than any honest file has, for example: the library throws only when the value is made.
    return broken(1, `is not YAML (${error instanceof Error ? firstLine(error.message) : 'unreadable'})`);
  }
}

function readJson(text: string): Content | null {
  try {
    return { value: JSON.parse(text), error: null };
  } catch {
    return null;
  }
}

/** What the library reads and Kubernetes does not. */
function oddityOf(document: Document): { readonly offset: number | undefined; readonly says: string } | null {
  const anchors = new Map<string, unknown>();
  let found: { readonly offset: number | undefined; readonly says: string } | null = null;
  visit(document, {
    Node: (_key, node, path) => {
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target !== undefined && !path.includes(target as (typeof path)[number])) return undefined;
        const says =
          target === undefined ? 'has an alias without an anchor' : 'has an alias of something that it is a part of';
        found = { offset: node.range?.[0], says: `${says} (*${node.source})` };
        return visit.BREAK;
      }
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
      return undefined;
    },
    Pair: (_key, { key }) => {
      if (!isCollection(key)) return undefined;
      found = { offset: key.range?.[0], says: 'has a list or a map as a key' };
      return visit.BREAK;
    },
  });
  return found;
}

/** The library is recursive, and so is what compares values: a file of brackets must not end in a stack overflow. */
function nestsTooDeep(text: string): boolean {
  return hasDeepBrackets(text) || tooDeep.some((words) => text.includes(words));
}

/** Block lists may nest on one line, "- - - -", and maps by their indentation. */
const tooDeep = ['- '.repeat(deepest), '? '.repeat(deepest), ' '.repeat(deepest * 4)];

function hasDeepBrackets(text: string): boolean {
  if (!text.includes('[') && !text.includes('{')) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === 0x5b || character === 0x7b) {
      depth += 1;
      if (depth > deepest) return true;
    } else if (character === 0x5d || character === 0x7d) {
      depth = Math.max(0, depth - 1);
    }
  }
  return false;
}

function firstLine(message: string): string {
  return (
    message
      .split('\n')[0]
      ?.replace(/ at line \d+, column \d+:?$/, '')
      .replace(/:$/, '') ?? message
  );
}

function broken(line: number, says: string): Content {
  return { value: null, error: { kind: 'broken', line: Math.max(1, line), says } };
}
