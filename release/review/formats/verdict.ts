import { allowingTrailer } from '../allowances.ts';
import type { Review } from '../review.ts';

/** What it comes to, in a sentence. */
export function verdict({ standing, allowed }: Review): string {
  if (standing.length > 0)
    return `Refused: ${counted(standing.length, 'finding stands', 'findings stand')} against this change.`;
  if (allowed.length > 0) return `Passed: ${counted(allowed.length, 'finding', 'findings')}, all of them allowed.`;
  return 'Passed: nothing in this change costs requests or data.';
}

/** How an author who knows better gets past a rule. */
export const wayOut = `To allow a rule, add to the message of a commit of this branch: ${allowingTrailer}: RULE: why. docs/guard.md tells what each rule is about.`;

function counted(count: number, one: string, more: string): string {
  return `${count} ${count === 1 ? one : more}`;
}
