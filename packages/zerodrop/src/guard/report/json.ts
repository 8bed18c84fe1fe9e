import { type Review, verdictOf } from '../review.ts';

/** A review as JSON, for programs. Fields are only ever added. */
export function json(review: Review): string {
  const { refused, warned, allowed, notes, compared } = review;
  const verdict = refused.length > 0 ? 'refused' : 'passed';
  const summary = verdictOf(review);
  return `${JSON.stringify({ version: 1, verdict, summary, compared, refused, warned, allowed, notes }, null, 2)}\n`;
}
