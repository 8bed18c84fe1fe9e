import { isRecord } from '../settings/value.ts';
import { missingFieldType } from './validation/missing-fields.ts';
import { schemaProblems } from './validation/schemas.ts';
import { semanticProblems } from './validation/semantics.ts';
import type { Field } from './validation/watch.ts';
import { watch } from './validation/watch.ts';

/**
 * Says what an API server would refuse in one document, a sentence each; nothing for a good one.
 *
 * Covers the kinds that are rendered here; of any other kind it says that it can't tell.
 */
export function validate(document: unknown): string[] {
  if (!isRecord(document)) return ['A document is no object.'];
  const { apiVersion, kind } = document;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    // Argo CD skips such a document without a word, and prunes what it stood for.
    return [`${title(document)}: has no apiVersion and kind, so nobody can tell what it is.`];
  }
  const watched = watch(document);
  const shape = schemaProblems(apiVersion, kind, watched.document);
  if (shape === null) return [`${title(document)}: ${apiVersion} ${kind} is not a kind that is known here.`];
  const problems = [
    ...shape.map(({ pointer, message }) => `${fieldPath(pointer)} ${message}`.trimStart()),
    ...watched.unseen().flatMap((field) => unknownField(kind, field)),
    ...semanticProblems(kind, document),
  ];
  return [...new Set(problems)].map((problem) => `${title(document)}: ${problem}.`);
}

function title(document: Readonly<Record<string, unknown>>): string {
  const metadata = isRecord(document['metadata']) ? document['metadata'] : {};
  const name = [metadata['namespace'], metadata['name']].filter((part) => typeof part === 'string').join('/');
  return `${typeof document['kind'] === 'string' ? document['kind'] : 'A document'} ${name}`.trimEnd();
}

/** `/spec/ports/0/port` as `spec.ports[0].port`. */
function fieldPath(pointer: string): string {
  const keys = pointer.split('/').slice(1);
  return keys
    .map((key) => (/^\d+$/.test(key) ? `[${key}]` : `.${key.replaceAll('~1', '/').replaceAll('~0', '~')}`))
    .join('')
    .replace(/^\./, '');
}

/** What the API server says of a field that the schema does not know; nothing of one that the schema only misses. */
function unknownField(kind: string, { path, value }: Field): string[] {
  const expected = missingFieldType(kind, path);
  if (expected === null) return [`${path}: field not declared in schema`];
  return typeof value === expected ? [] : [`${path} must be ${expected}`];
}
