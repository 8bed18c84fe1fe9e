import {
  type DocumentOptions,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type ParseOptions,
  type ScalarTag,
  type SchemaOptions,
  type Tags,
} from 'yaml';

/** The path to a field: keys of maps, and places in lists from 0. */
export type Keys = readonly (string | number)[];

/** A place in a file. Lines and columns count from 1; the end is exclusive. */
export interface Range {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

const exponential = /^[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)[eE][-+]?[0-9]+$/;

/** To Go a number that is too large is a text, as the beginning of a commit's name may be: 1234e567. */
function finiteOrText(text: string): number | string {
  const value = Number(text.replaceAll('_', ''));
  return Number.isFinite(value) ? value : text;
}

/** A number as Go writes it in base 8, which YAML 1.1 does not have and Kubernetes reads. */
const octal: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  format: 'OCT',
  test: /^[-+]?0o[0-7_]+$/,
  resolve: (text) => Number.parseInt(text.replaceAll(/0o|_/g, ''), 8),
};

function decodedText(base64: string): string {
  return Buffer.from(base64, 'base64').toString();
}

/**
 * Options of the YAML library for everything that is read here: Kubernetes reads YAML 1.1, where a date stays text, and says nothing
 * on a console.
 */
export const yamlOptions: ParseOptions & DocumentOptions & SchemaOptions = {
  version: '1.1',
  logLevel: 'error',
  prettyErrors: false,
  customTags: (tags) => [
    octal,
    ...tags.flatMap((tag): Tags => {
      if (typeof tag === 'string') return [tag];
      if (tag.tag === 'tag:yaml.org,2002:binary') return [{ tag: tag.tag, resolve: decodedText }];
      if (tag.test === undefined) return [tag];
      // Kubernetes takes neither 2020-01-01 for a date nor 8080:80 for a number of base 60.
      if (tag.tag === 'tag:yaml.org,2002:timestamp' || tag.format === 'TIME') return [];
      // The library takes e5 for a number; Kubernetes does not.
      return [tag.format === 'EXP' ? { ...tag, test: exponential, resolve: finiteOrText } : tag];
    }),
  ],
};

/**
 * Where a field stands in the text of a document: its key and what fits on the same line of its value, or what is nearest to it
 * where the field is not there. Parses anew, since only the few objects with a finding are asked.
 */
export function locate(text: string, firstLine: number, keys: Keys): Range {
  const { root, lineCounter } = parsed(text);
  const [start, end] = offsets(root, keys) ?? [0, 0];
  const from = lineCounter.linePos(start);
  const to = lineCounter.linePos(Math.max(start, end));
  return {
    line: firstLine + Math.max(1, from.line) - 1,
    column: Math.max(1, from.col),
    endLine: firstLine + Math.max(1, to.line) - 1,
    endColumn: Math.max(1, to.col),
  };
}

/** A text with the places of its parts. */
interface Parsed {
  readonly text: string;
  readonly root: unknown;
  readonly lineCounter: LineCounter;
}

/** The last one: an object with a finding is asked several times in a row. */
let latest: Parsed | null = null;

function parsed(text: string): Parsed {
  if (latest?.text === text) return latest;
  const lineCounter = new LineCounter();
  latest = { text, root: parseDocument(text, { ...yamlOptions, lineCounter }).contents, lineCounter };
  return latest;
}

function offsets(root: unknown, keys: Keys): readonly [number, number] | null {
  let node = root;
  let found = rangeOf(root, root);
  for (const key of keys) {
    if (isMap(node)) {
      // Of a key that stands twice, YAML readers take the last one.
      const pair = node.items.findLast((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (pair === undefined) return found;
      found = rangeOf(pair.key, pair.value) ?? found;
      node = pair.value;
    } else if (isSeq(node)) {
      const item: unknown = typeof key === 'number' ? node.items[key] : undefined;
      if (item === undefined) return found;
      found = rangeOf(item, item) ?? found;
      node = item;
    } else {
      return found;
    }
  }
  return found;
}

/** From the start of one node to the end of another; of a map or a list only its beginning, which is where its key stands. */
function rangeOf(first: unknown, last: unknown): readonly [number, number] | null {
  const start = isNode(first) ? first.range?.[0] : undefined;
  if (start === undefined) return null;
  const end = isScalar(last) ? endOf(last) : undefined;
  return [start, end ?? (isNode(first) && isScalar(first) ? (endOf(first) ?? start) : start)];
}

function endOf(node: Node): number | undefined {
  return node.range?.[1];
}
