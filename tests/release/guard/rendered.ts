import { render } from '../../../apps/render.ts';
import { parseManifests } from '../../../release/guard/documents.ts';
import { guard, type Refusal } from '../../../release/guard/guard.ts';
import { settings } from '../../settings/sample.ts';

/** A pinned image; tests of the release itself have others. */
export const image = `${settings.image}:1.2.3@sha256:${'0'.repeat(64)}`;

const files = render(settings, new Map([['staging', { image, source: 'a'.repeat(40) }]]));

/** The staging service as it is really rendered, and its namespace. */
export const web = files.get('manifests/staging/web.yaml') ?? '';
export const namespace = files.get('manifests/staging/namespace.yaml') ?? '';

/** Replaces the one place where `from` stands. Throws where there is none or more, so that no test edits nothing. */
export function edited(text: string, from: string, to: string): string {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`${JSON.stringify(from)} stands ${parts.length - 1} times in the text.`);
  return parts.join(to);
}

/** The text without the document of this kind. */
export function without(text: string, kind: string): string {
  const documents = text.split('---\n');
  const kept = documents.filter((document) => !document.includes(`\nkind: ${kind}\n`));
  if (kept.length === documents.length) throw new Error(`There is no ${kind} in the text.`);
  return kept.join('---\n');
}

/** What the guard says of a change of the staging service from one text to another. */
export function judged(before: string, after: string): readonly Refusal[] {
  return guard(manifests(before), manifests(after));
}

function manifests(text: string): ReturnType<typeof parseManifests> {
  return parseManifests(new Map([['manifests/staging/web.yaml', text]]));
}

/** The rules that refuse a change. */
export function rulesAgainst(before: string, after: string): readonly string[] {
  return judged(before, after).map(({ rule }) => rule);
}

/** The sentences against a change. */
export function sentencesAgainst(before: string, after: string): readonly string[] {
  return judged(before, after).map(({ sentence }) => sentence);
}
