import type { Review } from '../review.ts';
import { github } from './github.ts';
import { json } from './json.ts';
import { markdown } from './markdown.ts';
import { sarif } from './sarif.ts';
import { type Shown, text } from './text.ts';

/** The words for a review, by the name that `--format` takes. */
export const formats = { text, json, github, sarif, markdown } as const satisfies Readonly<
  Record<string, (review: Review, shown: Shown) => string>
>;

export type Format = keyof typeof formats;

export function isFormat(name: string): name is Format {
  return Object.hasOwn(formats, name);
}
