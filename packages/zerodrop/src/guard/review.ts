import { type Allowance, allowanceOf, type Origin } from './exceptions.ts';
import type { Finding } from './finding.ts';
import type { Compared, Judgement } from './judge.ts';
import { counted } from './model/comparison.ts';

/** A finding that somebody has allowed, and why. */
export interface AllowedFinding extends Finding {
  readonly because: string;
  /** `annotation`, or the commit whose trailer allows it. */
  readonly by: string;
}

/** Findings, parted by what becomes of them. */
export interface Review {
  readonly refused: readonly Finding[];
  readonly warned: readonly Finding[];
  readonly allowed: readonly AllowedFinding[];
  readonly notes: readonly string[];
  readonly compared: Compared;
  readonly origin: Origin;
}

/** Parts findings by what annotations and trailers allow. */
export function reviewOf(
  { findings, notes, compared }: Pick<Judgement, 'findings' | 'notes' | 'compared'>,
  granted: readonly Allowance[],
  origin: Origin = 'branch',
): Review {
  const refused: Finding[] = [];
  const warned: Finding[] = [];
  const allowed: AllowedFinding[] = [];
  for (const finding of findings) {
    const allowance = allowanceOf(finding, granted);
    if (finding.annotated !== null) allowed.push({ ...finding, because: finding.annotated, by: 'annotation' });
    else if (allowance !== undefined) allowed.push({ ...finding, because: allowance.because, by: allowance.commit });
    else if (finding.severity === 'warn') warned.push(finding);
    else refused.push(finding);
  }
  return { refused, warned, allowed, notes, compared, origin };
}

/** What a review comes to, in a sentence. */
export function verdictOf({ refused, warned, allowed, compared }: Review): string {
  const parts = [
    refused.length === 0 ? [] : [counted(refused.length, 'refusal')],
    warned.length === 0 ? [] : [counted(warned.length, 'warning')],
    allowed.length === 0 ? [] : [`${counted(allowed.length, 'finding')} allowed`],
  ].flat();
  const verdict = refused.length > 0 ? 'Refused' : 'Passed';
  const says = parts.length === 0 ? 'no rule objects to this change' : parts.join(', ');
  return `${verdict}: ${says}. ${comparedInWords(compared)}`;
}

/** What was compared, in a sentence or two. */
function comparedInWords({ files, changedFiles, objects, changedObjects, unrendered }: Compared): string {
  const all = `${files} ${files === 1 ? 'file' : 'files'} with manifests`;
  const differs = changedFiles === 1 ? 'differs' : 'differ';
  const difference =
    changedFiles === 0
      ? ', and none differs'
      : `: ${changedFiles} ${differs}, with ${changedObjects} of ${objects} objects changed`;
  const [first] = unrendered;
  const left = unrendered.length === 1 ? (first ?? '') : `${unrendered.length} charts and kustomizations`;
  const inputs = first === undefined ? '' : ` Left out ${left}, which nobody has rendered.`;
  return `Compared ${files === 0 ? 'no file with manifests' : all}${files === 0 ? '' : difference}.${inputs}`;
}
