import { gitHubAnnotations } from './formats/github.ts';
import { markdown } from './formats/markdown.ts';
import { text } from './formats/text.ts';
import type { Review } from './review.ts';

/** The words for a review, by the name that `--format` takes. */
export const formats = {
  text,
  github: gitHubAnnotations,
  markdown,
} as const satisfies Readonly<Record<string, (review: Review) => string>>;

export type Format = keyof typeof formats;

export function isFormat(name: string): name is Format {
  return Object.hasOwn(formats, name);
}
