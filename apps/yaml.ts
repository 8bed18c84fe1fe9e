import { Document, isScalar, visit } from 'yaml';

// What an object is comes first, at each level; the rest by name, whatever order it was made in.
const first = ['apiVersion', 'kind', 'metadata', 'name', 'namespace'];

function rank(key: unknown): number {
  const index = first.indexOf(String(key));
  return index === -1 ? first.length : index;
}

function byImportance(a: { readonly key: unknown }, b: { readonly key: unknown }): number {
  return rank(a.key) - rank(b.key) || (String(a.key) < String(b.key) ? -1 : 1);
}

/**
 * The text of a rendered file: a line that says where it is from, then its documents. Same documents, same bytes.
 *
 * `sources` are the files that a person edits instead.
 */
export function renderYaml(sources: readonly string[], documents: readonly unknown[]): string {
  const header = `# Rendered from ${sources.join(', ')} by \`npm run synth\`. Do not edit.\n`;
  return header + documents.map(textOf).join('---\n');
}

// Go's parser, which Kubernetes reads YAML with, takes 0o17 and 1e1_0 for numbers too; in YAML 1.1 they are text.
const numberOfGo = /^[-+]?(?:0[bBoOxX]|\.?\d[\d_.eE+-]*$)/;

function textOf(object: unknown): string {
  // 1.1 quotes `yes`, `on` and `12:30`, which Kubernetes reads as other things than strings.
  const document = new Document(object, { version: '1.1', aliasDuplicateObjects: false, sortMapEntries: byImportance });
  visit(document, (_key, node) => {
    if (isScalar(node) && typeof node.value === 'string' && numberOfGo.test(node.value)) node.type = 'QUOTE_DOUBLE';
  });
  // Folding would hide a change in a diff.
  return document.toString({ lineWidth: 0 });
}
