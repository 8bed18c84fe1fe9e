import type { Pin } from '../apps/pins.ts';
import { parseImageReference } from './image-reference.ts';

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
