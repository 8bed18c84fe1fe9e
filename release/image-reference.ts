import { WrongUse } from './wrong-use.ts';

/** An image as a release names it, `repository:tag@digest`: the tag is for people, the digest says what runs. */
export interface ImageReference {
  readonly repository: string;
  readonly tag: string;
  /** `sha256:` and 64 hex digits. */
  readonly digest: string;
}

const expected = 'expected name:tag@sha256: and 64 hex digits';
// The tag grammar of the distribution project; the name needs none here, because it must be the one in settings.ts.
const named = /^(?<repository>[^\s@]+):(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})$/;

/** Takes a pinned reference apart. Throws {@link WrongUse} with a sentence for anything that is not one. */
export function parseImageReference(text: string): ImageReference {
  const at = text.indexOf('@');
  if (at === -1) {
    throw new WrongUse(
      `--image is ${quoted(text)}, which names no digest, and a tag alone may mean another image tomorrow: ${expected}.`,
    );
  }
  const digest = text.slice(at + 1);
  if (!/^sha256:[0-9a-f]{64}$/.test(digest)) {
    throw new WrongUse(`--image is ${quoted(text)}, and its digest is malformed: ${expected}.`);
  }
  const { repository, tag } = named.exec(text.slice(0, at))?.groups ?? {};
  if (repository === undefined || tag === undefined) {
    throw new WrongUse(`--image is ${quoted(text)}, which names no tag to tell people what it is: ${expected}.`);
  }
  return { repository, tag, digest };
}

/** The reference as it is pinned. */
export function formatImageReference({ repository, tag, digest }: ImageReference): string {
  return `${repository}:${tag}@${digest}`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
