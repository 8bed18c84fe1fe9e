import { shownPath } from '../../../git/files.ts';
import type { Review } from '../review.ts';
import { verdict, wayOut } from './verdict.ts';

/** A review for a terminal: a line for each finding, as compilers write them. */
export function text(review: Review): string {
  const { standing, allowed, notes } = review;
  const lines = [
    ...standing.map(({ rule, path, line, object, says }) => `${shownPath(path)}:${line}: ${rule}: ${object} ${says}.`),
    ...allowed.map(({ rule, path, line, object, allowance }) => {
      return `${shownPath(path)}:${line}: ${rule}: ${object} is allowed by ${allowance.commit}: ${allowance.because}`;
    }),
    ...notes,
    verdict(review),
    ...(standing.length > 0 ? [wayOut] : []),
  ];
  return `${lines.join('\n')}\n`;
}
