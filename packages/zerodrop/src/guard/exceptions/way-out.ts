import type { Finding } from '../finding.ts';
import { allowingAnnotation } from './annotation.ts';
import { allowingTrailer } from './trailer.ts';

/** What was compared: the commits of a branch, what is staged for one, or directories of which nobody knows any commit. */
export type Origin = 'branch' | 'staged' | 'directories';

/** How a person who knows better gets past these findings, in sentences; empty where nothing but a fix does. */
export function wayOut(findings: readonly Pick<Finding, 'object' | 'isGone'>[], origin: Origin): string {
  const ofObjects = findings.filter(({ object }) => isObject(object));
  const trailer = ofObjects.length > 0 ? `${allowingTrailer}: RULE Kind/name: why` : `${allowingTrailer}: RULE: why`;
  const sentences = [
    origin === 'branch' ? `To allow a finding, add to the message of a commit of this branch: ${trailer}.` : '',
    ofObjects.some(({ isGone }) => !isGone)
      ? `${origin === 'branch' ? 'For' : 'To allow a finding for'} as long as an object stands there: the annotation ${allowingAnnotation}RULE: why.`
      : '',
    // A hook before the commit runs before there is a message.
    origin === 'staged'
      ? `A hook can't read the message of a commit that is not made yet: to allow a finding by ${trailer} in it, commit once with --no-verify.`
      : '',
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

/** Whether a finding is about what a trailer and an annotation can name, and not about a file, a line or a folder. */
function isObject(title: string): boolean {
  return /^[A-Z][\w.-]* \S+$/.test(title);
}
