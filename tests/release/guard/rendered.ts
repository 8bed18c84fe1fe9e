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
/** What Argo CD is told of it. */
export const application = files.get('argocd/staging.yaml') ?? '';
export const project = files.get('argocd/project.yaml') ?? '';

const ofWeb = 'manifests/staging/web.yaml';
const ofArgo = 'argocd/staging.yaml';

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

/** What the guard says of a change of one file from one text to another; '' for a file that is not there. */
function judgedAt(path: string, before: string, after: string): readonly Refusal[] {
  return guard(manifests(path, before), manifests(path, after));
}

/** What the guard says of a change of the staging service. */
export function judged(before: string, after: string): readonly Refusal[] {
  return judgedAt(ofWeb, before, after);
}

function manifests(path: string, text: string): ReturnType<typeof parseManifests> {
  return parseManifests(new Map([[path, text]]));
}

/** The rules that refuse a change of the staging service. */
export function rulesAgainst(before: string, after: string): readonly string[] {
  return judged(before, after).map(({ rule }) => rule);
}

/** The sentences against a change of the staging service. */
export function sentencesAgainst(before: string, after: string): readonly string[] {
  return judged(before, after).map(({ sentence }) => sentence);
}

/** The rules that refuse a change of what Argo CD is told. */
export function rulesAgainstArgo(before: string, after: string): readonly string[] {
  return judgedAt(ofArgo, before, after).map(({ rule }) => rule);
}

/** Each line at fault and what is said of it, in a change of what Argo CD is told. */
export function linesAgainstArgo(before: string, after: string): readonly string[] {
  return linesOf(after, judgedAt(ofArgo, before, after));
}

/** Each line at fault and what is said of it, in a change of the staging service. */
export function linesAgainst(before: string, after: string): readonly string[] {
  return linesOf(after, judged(before, after));
}

function linesOf(text: string, refusals: readonly Refusal[]): readonly string[] {
  const lines = text.split('\n');
  return refusals.map(
    ({ rule, line, object, says }) => `${rule} | ${lines[line - 1]?.trim() ?? ''} | ${object} ${says}`,
  );
}
