import { type Review, verdictOf } from '../review.ts';

/** A review as JSON, for programs. Fields are only ever added. */
export function json(review: Review): string {
  const { refused, warned, allowed, notes } = review;
  const verdict = refused.length > 0 ? 'refused' : 'passed';
  return `${JSON.stringify({ version: 1, verdict, summary: verdictOf(review), refused, warned, allowed, notes }, null, 2)}\n`;
}
