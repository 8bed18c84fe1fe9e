import { UsageError } from 'zerodrop/errors';
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
