import { type Document, isAlias, isCollection, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { yamlOptions } from './location.ts';
import { readPlain } from './plain.ts';

/** Why a document can't be read, or is read in another way than it seems. Lines count from 1 within the text. */
export interface PieceFlaw {
  readonly kind: 'broken' | 'misread' | 'cut off';
  readonly line: number;
  readonly says: string;
}

/** What one document says; nothing where it is broken. */
export interface Content {
  readonly value: unknown;
  readonly flaw: PieceFlaw | null;
}

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
  if (plain !== undefined) return { ...plain, flaw: null };
  const lineCounter = new LineCounter();
  const at = (offset: number | undefined): number => lineCounter.linePos(offset ?? 0).line;
  try {
    // Kubernetes takes the last of two keys, which the library does when it is not to tell them apart.
    const document = parseDocument(text, { ...yamlOptions, lineCounter, uniqueKeys: false });
    const [error] = document.errors;
    const isCutOff = error?.code === 'MULTIPLE_DOCS';
    if (error !== undefined && !isCutOff) return broken(at(error.pos[0]), `is not YAML (${firstLine(error.message)})`);
    const oddity = /[*{[?]/.test(text) ? oddityOf(document) : null;
    if (oddity !== null) return broken(at(oddity.offset), oddity.says);
    const misread = isCutOff
      ? 'begins a second document without a line --- before it, which Kubernetes does not read'
      : null;
    const flaw: PieceFlaw | null =
      misread === null
        ? misreadIn(document, at)
        : { kind: 'cut off', line: Math.max(1, at(error?.pos[0])), says: misread };
    return { value: document.toJS(), flaw };
  } catch (error) {
    // More aliases than any honest file has, for example: the library throws only when the value is made.
    return broken(1, `is not YAML (${error instanceof Error ? firstLine(error.message) : 'unreadable'})`);
  }
}

function readJson(text: string): Content | null {
  try {
    return { value: JSON.parse(text), flaw: null };
  } catch {
    return null;
  }
}

/** What Kubernetes reads in another way than its author means. */
function misreadIn(document: Document, at: (offset: number | undefined) => number): PieceFlaw | null {
  const tag = document.warnings.find(({ code }) => code === 'TAG_RESOLVE_FAILED');
  if (tag !== undefined) {
    const says = `has a tag that Kubernetes does not know, and reads as if it was not there (${firstLine(tag.message)})`;
    return { kind: 'misread', line: Math.max(1, at(tag.pos[0])), says };
  }
  let found: PieceFlaw | null = null;
  visit(document, {
    Map: (_key, { items }) => {
      const seen = new Set<string>();
      for (const { key } of items) {
        const name = isScalar(key) ? String(key.value) : '';
        if (isScalar(key) && seen.has(name) && name !== '<<') {
          const says = `has the key ${name} a second time, and only the last one counts`;
          found = { kind: 'misread', line: Math.max(1, at(key.range?.[0])), says };
          return visit.BREAK;
        }
        seen.add(name);
      }
      return undefined;
    },
  });
  return found;
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
  return { value: null, flaw: { kind: 'broken', line: Math.max(1, line), says } };
}
