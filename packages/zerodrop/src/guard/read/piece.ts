import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import { yamlOptions } from './location.ts';
import { readPlain } from './plain.ts';
import { readJson } from './split.ts';

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
    if (json !== null) return { ...json, flaw: null };
  }
  const plain = readPlain(text);
  if (plain !== undefined) return { ...plain, flaw: null };
  const lineCounter = new LineCounter();
  const at = (offset: number | undefined): number => lineCounter.linePos(offset ?? 0).line;
  try {
    // Kubernetes takes the last of two keys, which the library does when it is not to tell them apart.
    const document = parseDocument(text, { ...yamlOptions, lineCounter, uniqueKeys: false });
    const [error] = document.errors;
    visit(document, { Map: (_key, map) => mergeInOrder(map, document) });
    const isCutOff = error?.code === 'MULTIPLE_DOCS';
    if (error !== undefined && !isCutOff) return broken(at(error.pos[0]), `is not YAML (${firstLine(error.message)})`);
    const oddity = oddityOf(document) ?? (/^ *\t/m.test(text) ? tabIn(text, document) : null);
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

/** What is merged into a map takes the place of the keys that stand before it, for the reader of Kubernetes. */
function mergeInOrder(map: YAMLMap, document: Document): void {
  const at = map.items.findIndex(isMerge);
  const source = map.items[at]?.value;
  if (at < 1) return;
  const merged = (isSeq(source) ? source.items : [source]).map((one) => (isAlias(one) ? one.resolve(document) : one));
  const isMerged = ({ key }: Pair): boolean =>
    merged.some((one) => isMap(one) && one.has(isScalar(key) ? key.value : key));
  map.items = map.items.filter((pair, index) => index > at || !isMerged(pair));
}

function isMerge({ key }: Pair): boolean {
  return isScalar(key) && key.source === '<<';
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
        if (isScalar(key) && seen.has(name)) {
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

/** A place in a text, and what is wrong there. */
interface Oddity {
  readonly offset: number | undefined;
  readonly says: string;
}

/**
 * A tab in front of a line, also of an empty one, where Kubernetes' reader stops at it: everywhere but within brackets and quotes,
 * and behind a plain text deeper than the map or list that this is in (sigs.k8s.io/yaml/goyaml.v2/scannerc.go).
 */
function tabIn(text: string, document: Document): Oddity | null {
  const spans: { readonly from: number; readonly to: number; readonly column: number }[] = [];
  const columnOf = (offset: number): number => offset - (text.lastIndexOf('\n', offset - 1) + 1);
  visit(document, {
    Node: (_key, node, path) => {
      const [from = 0, to = 0] = node.range ?? [];
      const isPlain = isScalar(node) && node.type === 'PLAIN';
      const around = path.findLast((one) => isCollection(one));
      const column = isPlain && isCollection(around) ? columnOf(around.range?.[0] ?? 0) : -1;
      if (isPlain || (isCollection(node) ? node.flow === true : isScalar(node))) spans.push({ from, to, column });
    },
  });
  for (const found of text.matchAll(/^( *)\t/gm)) {
    const at = found.index + (found[1]?.length ?? 0);
    const before = spans.filter(({ from }) => from <= at);
    const last = before.at(-1);
    const isQuoted = before.some(({ to, column }) => column < 0 && at < to);
    const isDeeper = last !== undefined && last.column >= 0 && columnOf(at) > last.column;
    const isBehind = last !== undefined && (at < last.to || text.slice(last.to, at).trim() === '');
    if (!isQuoted && !(isDeeper && isBehind)) return { offset: at, says: 'has a tab in front of a line' };
  }
  return null;
}

/** What the library reads and Kubernetes does not. */
function oddityOf(document: Document): Oddity | null {
  const anchors = new Map<string, unknown>();
  let found: Oddity | null = null;
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
      if (!isScalar(node) || typeof node.value !== 'number' || Number.isFinite(node.value)) return undefined;
      found = { offset: node.range?.[0], says: `has ${node.source ?? 'a number'}, which JSON does not have` };
      return visit.BREAK;
    },
    Pair: (_key, { key }) => {
      const isNothing = key === null || (isScalar(key) && key.value === null);
      if (!isNothing && !isCollection(key)) return undefined;
      const offset = isScalar(key) || isCollection(key) ? key.range?.[0] : undefined;
      found = { offset, says: isNothing ? 'has null as a key' : 'has a list or a map as a key' };
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
