import { harmlessLine } from '../../github/texts.ts';
import { guardTrailers } from '../commit-message.ts';
import type { Allowance } from '../guard.ts';

/** The message of a commit that takes another one back, in git revert's own words, and what the guard was told. */
export function revertMessage(subject: string, commit: string, allowance: Allowance | null): string {
  const trailers = guardTrailers(allowance).map(([key, value]) => `${key}: ${value}`);
  const paragraphs = [`Revert "${harmlessLine(subject)}"`, `This reverts commit ${commit}.`, trailers.join('\n')];
  return paragraphs.filter((paragraph) => paragraph !== '').join('\n\n');
}
