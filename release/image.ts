import { UsageError } from 'zerodrop/errors';
import type { Pin } from '../apps/pins.ts';
import { type ImageReference, readImage } from '../settings/image.ts';

/** Takes a pinned reference apart. Throws {@link UsageError} with a sentence for anything that is not one. */
export function parseImageReference(text: string): ImageReference {
  const image = readImage(text);
  if (typeof image === 'string') throw new UsageError(`--image is ${JSON.stringify(text)}, ${image}`);
  return image;
}

/** The reference as it is pinned. */
export function formatImageReference({ repository, tag, digest }: ImageReference): string {
  return `${repository}:${tag}@${digest}`;
}

/** A release by the tag of its image. */
export function tagOf({ image }: Pin): string {
  return parseImageReference(image).tag;
}

/** A release by its tag and its source. */
export function named(pin: Pin): string {
  return `${tagOf(pin)} (${pin.source.slice(0, 7)})`;
}

/** The shortest names by which two releases can be told apart: a source that is built again keeps its tag. */
export function tellApart(
  one: Pin,
  other: Pin,
  forms: readonly ((pin: Pin) => string)[] = [tagOf, named],
): readonly [one: string, other: string] {
  const form = forms.find((name) => name(one) !== name(other)) ?? withDigest;
  return [form(one), form(other)];
}

function withDigest(pin: Pin): string {
  const { tag, digest } = parseImageReference(pin.image);
  return `${tag} (${pin.source.slice(0, 7)}, ${digest.slice(0, 'sha256:'.length + 7)})`;
}
