import { OperationError, ProgramError, UsageError } from 'zerodrop/errors';
import { git } from 'zerodrop/git';
import type { Pin } from '../apps/pins.ts';
import { harmlessLine } from '../github/texts.ts';
import type { ImageReference } from '../settings/image.ts';
import type { Allowance } from './options.ts';
import { formatImageReference, tellApart } from './outcome.ts';

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

/** The commit that an image was built from, as far as a person wants to see it. */
export interface SourceCommit {
  readonly authorName: string;
  readonly authorEmail: string;
  /** ISO 8601, with the author's offset. */
  readonly date: string;
  readonly subject: string;
}

/** Reads a commit; null where this clone does not have it. */
export async function readSourceCommit(directory: string, source: string): Promise<SourceCommit | null> {
  const format = '%an%x00%ae%x00%aI%x00%s';
  try {
    const shown = await git(
      directory,
      'show',
      '--no-patch',
      '--no-show-signature',
      `--format=${format}`,
      `${source}^{commit}`,
    );
    const [authorName = '', authorEmail = '', date = '', subject = ''] = shown.split('\0');
    return { authorName, authorEmail, date, subject };
  } catch (error) {
    if (error instanceof ProgramError) return null;
    throw error;
  }
}

/**
 * Reads the source of a release, and makes sure that HEAD of a working copy has it in its history: else nobody has reviewed it there, and
 * no later release could tell whether it is newer. A shallow clone answers as far as its history goes. `branch` names HEAD in a sentence.
 * Throws {@link UsageError} for another source, and {@link OperationError} where a shallow clone can't tell.
 */
export async function requireSource(directory: string, source: string, branch: string): Promise<SourceCommit> {
  const commit = await readSourceCommit(directory, source);
  if (commit !== null && (await isInHead(directory, source))) return commit;
  if ((await git(directory, 'rev-parse', '--is-shallow-repository')) === 'true') {
    throw new OperationError(
      `This clone is shallow, and the part of the history that it has does not show whether ${source} (--source) is on ${branch}. Fetch the rest with git fetch --unshallow; in a workflow give actions/checkout fetch-depth: 0.`,
    );
  }
  throw new UsageError(
    commit !== null
      ? `--source is ${source}, which is not on ${branch}. An image is released from what was merged: merge that commit, or get the newest with git pull, and name the commit on ${branch} that the image was built from.`
      : `--source is ${source}, which is no commit of this clone. Name the one that the image was built from, as git log --format=%H prints it. If it is new at the remote, git pull first.`,
  );
}

async function isInHead(directory: string, source: string): Promise<boolean> {
  try {
    await git(directory, 'merge-base', '--is-ancestor', source, 'HEAD');
    return true;
  } catch (error) {
    if (error instanceof ProgramError) return false;
    throw error;
  }
}
