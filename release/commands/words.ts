import type { Pin } from '../../apps/pins.ts';
import type { Placing } from '../history/placing.ts';
import { parseImageReference } from '../image-reference.ts';

/** Why a release does not go on, in a sentence. */
export function placingWords(environment: string, placing: Exclude<Placing, { readonly kind: 'go' }>): string {
  if (placing.kind === 'superseded') {
    return `superseded: ${environment} has ${named(placing.pinned)}, which is newer. Nothing is changed.\n`;
  }
  const { former, pinned } = placing;
  const now = pinned === null ? 'nothing' : named(pinned);
  return `rolled back: ${environment} was taken back from ${named(former)} to ${now}, and this is no newer than that. Nothing is changed: release a newer commit, or this one with --again.\n`;
}

/** A release in words: the tag of its image, and its source. */
export function named({ image, source }: Pin): string {
  return `${parseImageReference(image).tag} (${source.slice(0, 7)})`;
}

/** What became of a pull request that there is no reason for any more. */
export function withdrawnWords(url: string | null): string {
  return url === null ? '' : `Closed ${url}\n`;
}
