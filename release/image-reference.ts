import { type ImageReference, readImage } from '../settings/image.ts';
import { WrongUse } from './wrong-use.ts';

/** Takes a pinned reference apart. Throws {@link WrongUse} with a sentence for anything that is not one. */
export function parseImageReference(text: string): ImageReference {
  const image = readImage(text);
  if (typeof image === 'string') throw new WrongUse(`--image is ${JSON.stringify(text)}, ${image}`);
  return image;
}

/** The reference as it is pinned. */
export function formatImageReference({ repository, tag, digest }: ImageReference): string {
  return `${repository}:${tag}@${digest}`;
}
