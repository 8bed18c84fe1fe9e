import type { Pin } from '../apps/pins.ts';
import { harmlessLine } from '../github/texts.ts';
import type { ImageReference } from '../settings/image.ts';
import type { Allowance } from './guard.ts';
import { formatImageReference, tellApart } from './image.ts';
import type { SourceCommit } from './source-commit.ts';

/** What the message of a release tells. */
export interface ReleaseNote {
  readonly service: string;
  readonly environment: string;
  readonly image: ImageReference;
  /** The commit that the image was built from, 40 hex digits, and where it is kept. */
  readonly source: string;
  readonly repository: string;
  /** Null where the clone does not have that commit. */
  readonly sourceCommit: SourceCommit | null;
  /** What ran before; null where nothing is known of it. */
  readonly replaced: Pin | null;
  /** The rules that this release breaks, and why it may; null where it breaks none. */
  readonly allowance: Allowance | null;
}

/** The commit message of a release: a subject, what it replaces, and trailers for programs to read. */
export function commitMessage(note: ReleaseNote): string {
  const { service, environment, image, replaced } = note;
  const lines = trailers(note).map(([key, value]) => `${key}: ${value}`);
  return [
    `Release ${service} ${image.tag} to ${environment}`,
    // Not for the first release: reverting that takes the service away.
    ...(replaced === null ? [] : [`Replaces ${formerName(note, replaced)}. Reverting this commit brings it back.`]),
    lines.join('\n'),
  ].join('\n\n');
}

function formerName({ image, source }: ReleaseNote, replaced: Pin): string {
  return tellApart({ image: formatImageReference(image), source }, replaced)[1];
}

/** A line that ends a commit's message, for programs. */
export type Trailer = readonly [key: string, value: string];

function trailers(note: ReleaseNote): readonly Trailer[] {
  return [
    ['Source-Commit', note.source],
    ['Image', formatImageReference(note.image)],
    ['Service', note.service],
    ['Environment', note.environment],
    ...guardTrailers(note.allowance),
    ...argoTrailers(note),
  ];
}

/** A line for each rule that a commit was allowed to break. */
function guardTrailers(allowance: Allowance | null): readonly Trailer[] {
  if (allowance === null) return [];
  return allowance.rules.map((rule) => ['Guard-Allowed', `${rule}: ${harmlessLine(allowance.because)}`]);
}

/** Argo CD reads these and shows the commit behind the one that it syncs (its docs/user-guide/source-hydrator.md). */
function argoTrailers({ source, repository, sourceCommit }: ReleaseNote): readonly Trailer[] {
  const known: readonly Trailer[] =
    sourceCommit === null
      ? []
      : [
          ['author', mailbox(harmlessLine(sourceCommit.authorName), sourceCommit.authorEmail)],
          ['date', sourceCommit.date],
          ['subject', harmlessLine(sourceCommit.subject)],
        ];
  // It takes URLs only, and git@host:path is none.
  const url: readonly Trailer[] = URL.canParse(repository) ? [['repourl', repository]] : [];
  return [['sha', source] as const, ...known, ...url]
    .filter(([, value]) => value !== '')
    .map(([key, value]) => [`Argocd-reference-commit-${key}`, value]);
}

/** A name and address as RFC 5322 wants them: Argo CD drops an author whose brackets or dots are not in quotes. Empty for an address that is none. */
function mailbox(name: string, email: string): string {
  if (harmlessLine(email) !== email) return '';
  const plain = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~ -]+$/u.test(name);
  return `${plain ? name : `"${name.replaceAll(/["\\]/g, '\\$&')}"`} <${email}>`;
}

/** The message of a commit that takes another one back, in git revert's own words, and what the guard was told. */
export function revertMessage(subject: string, commit: string, allowance: Allowance | null): string {
  const guardLines = guardTrailers(allowance).map(([key, value]) => `${key}: ${value}`);
  const paragraphs = [`Revert "${harmlessLine(subject)}"`, `This reverts commit ${commit}.`, guardLines.join('\n')];
  return paragraphs.filter((paragraph) => paragraph !== '').join('\n\n');
}
