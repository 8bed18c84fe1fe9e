import { Document, isScalar, visit } from 'yaml';
import { isRecord } from '../settings/sentences.ts';

// What an object is comes first, at each level; the rest by name, whatever order it was made in.
const first = ['apiVersion', 'kind', 'metadata', 'name', 'namespace'];

function rank(key: string): number {
  const index = first.indexOf(key);
  return index === -1 ? first.length : index;
}

function byImportance(a: string, b: string): number {
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

/**
 * The text of a rendered file: a line that says where it is from, then its documents. Same documents, same bytes.
 *
 * `sources` are the files that a person edits instead.
 */
export function renderYaml(sources: readonly string[], documents: readonly unknown[]): string {
  const header = `# Rendered from ${sources.join(', ')} by \`npm run synth\`. Do not edit.\n`;
  return header + documents.map((document) => textOf(document, byImportance)).join('---\n');
}

/** The same YAML of values as Helm takes them, with the keys in the order in which they were made. */
export function valuesYaml(values: unknown): string {
  return textOf(values, null);
}

/** How the keys of a map are sorted; null for as they were made. */
type Order = ((a: string, b: string) => number) | null;

function textOf(value: unknown, order: Order): string {
  return linesOf(value, '', order) ?? libraryText(value, order);
}

/**
 * The lines of a map or a list behind this indentation, as the library writes them and in a tenth of its time, which is most of a synth of
 * many services. What is not plain in there, such as a text of several lines, the library writes. Null for no map and no list.
 */
function linesOf(value: unknown, indent: string, order: Order): string | null {
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => {
      const text = wordOf(item) ?? linesOf(item, deeper, order)?.slice(deeper.length, -1);
      return text === undefined ? indented(libraryText([item], order), indent) : `${indent}- ${text}\n`;
    });
    return items.join('');
  }
  if (!isRecord(value) || Object.getPrototypeOf(value) !== Object.prototype) return null;
  const keys = order === null ? Object.keys(value) : Object.keys(value).toSorted(order);
  return keys
    .filter((key) => value[key] !== undefined)
    .map((key) => {
      const [name, inner] = [wordOf(key), value[key]];
      const word = wordOf(inner);
      const lines = word === null ? linesOf(inner, deeper, order) : null;
      if (name === null || key.length > 100 || (word === null && lines === null))
        return indented(libraryText({ [key]: inner }, order), indent);
      return word === null ? `${indent}${name}:\n${lines}` : `${indent}${name}: ${word}\n`;
    })
    .join('');
}

function indented(text: string, indent: string): string {
  return text.replaceAll(/^(?=.)/gm, indent);
}

/** Texts that no reader takes for anything else: a letter first, and a sign within. */
const plain = /^[A-Za-z][A-Za-z0-9]*(?:[-._/:@]+[A-Za-z0-9]+)+$/;
/** How the library writes what it was asked for before. The same few words make up nearly all that is rendered. */
const words = new Map<unknown, string | null>();

/** A value or a key that is written in one line; null for any other. */
function wordOf(value: unknown): string | null {
  if (typeof value === 'string' && plain.test(value)) return value;
  if (Array.isArray(value)) return value.length === 0 ? '[]' : null;
  if (isRecord(value)) return Object.keys(value).length === 0 ? '{}' : null;
  const known = words.get(value);
  if (known !== undefined) return known;
  const isPlain = value === null || ['string', 'number', 'boolean'].includes(typeof value);
  const word = isPlain ? (/^k: (.*)\n$/.exec(libraryText({ k: value }, null))?.[1] ?? null) : null;
  words.set(value, word);
  return word;
}

// Go's parser, which Kubernetes reads YAML with, takes 0o17 and 1e1_0 for numbers too; in YAML 1.1 they are text.
const numberOfGo = /^[-+]?(?:0[bBoOxX]|\.?\d[\d_.eE+-]*$)/;

function libraryText(value: unknown, order: Order): string {
  // 1.1 quotes `yes`, `on` and `12:30`, which Kubernetes reads as other things than strings.
  const document = new Document(value, {
    version: '1.1',
    aliasDuplicateObjects: false,
    ...(order !== null && {
      sortMapEntries: (a: { readonly key: unknown }, b: { readonly key: unknown }) =>
        order(String(a.key), String(b.key)),
    }),
  });
  visit(document, (_key, node) => {
    if (isScalar(node) && typeof node.value === 'string' && numberOfGo.test(node.value)) node.type = 'QUOTE_DOUBLE';
  });
  // Folding would hide a change in a diff.
  return document.toString({ lineWidth: 0 });
}
