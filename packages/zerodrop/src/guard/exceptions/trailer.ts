import type { Finding } from '../finding.ts';
import { ruleOf } from '../rules/index.ts';

/** The trailer by which a commit allows a rule: `Guard-Allowed: replicas-lost Deployment/worker: one consumer by design`. */
export const allowingTrailer = 'Guard-Allowed';

/** What one trailer allows. */
export interface Allowance {
  readonly rule: string;
  /** `Kind/name` or `Kind/namespace/name`; null allows the rule for every object. */
  readonly object: string | null;
  readonly because: string;
  /** The commit, short. */
  readonly commit: string;
}

/** A commit, and the values of its allowing trailers. */
export interface TrailingCommit {
  readonly commit: string;
  readonly trailers: readonly string[];
}

/** What commits allow. A trailer that has no effect is reported in a sentence, because its author believes that it has. */
export function allowances(commits: readonly TrailingCommit[]): {
  readonly granted: readonly Allowance[];
  readonly notes: readonly string[];
} {
  const granted: Allowance[] = [];
  const notes: string[] = [];
  for (const { commit, trailers } of commits) {
    for (const trailer of trailers) {
      const read = readTrailer(trailer);
      if (typeof read === 'string')
        notes.push(`The trailer "${allowingTrailer}: ${trailer}" of ${commit} has no effect: ${read}.`);
      else granted.push({ ...read, commit });
    }
  }
  return { granted, notes };
}

/** Reads the value of a trailer; a sentence tells what is wrong with it. */
function readTrailer(value: string): Omit<Allowance, 'commit'> | string {
  const [, rule = '', object, because = ''] =
    /^([^:\s]*)(?:\s+([A-Za-z][\w.-]*(?:\/[\w.:-]*[\w.-]){1,2}))?\s*:?\s*(.*)$/s.exec(value.trim()) ?? [];
  if (rule === '') return 'it names no rule';
  if (ruleOf(rule) === undefined) return `${rule} is no rule`;
  if (because.trim() === '') return 'it gives no reason after the rule';
  return { rule, object: object ?? null, because: because.trim() };
}

/** True where what comes before the reason of a trailer, `RULE` or `RULE Kind/name`, allows a finding. */
export function isAllowedBy(finding: Pick<Finding, 'rule' | 'object'>, allowed: string): boolean {
  const read = readTrailer(`${allowed}: because`);
  return typeof read !== 'string' && allowanceOf(finding, [{ ...read, commit: '' }]) !== undefined;
}

/** The allowance of a finding; of several, the newest tells why. */
export function allowanceOf(
  finding: Pick<Finding, 'rule' | 'object'>,
  granted: readonly Allowance[],
): Allowance | undefined {
  return granted.findLast(
    ({ rule, object }) => rule === finding.rule && (object === null || isNamed(object, finding.object)),
  );
}

/** True where `Kind/name` or `Kind/namespace/name` is what a finding calls `Kind namespace/name`. */
function isNamed(object: string, title: string): boolean {
  const slash = object.indexOf('/');
  const [kind, rest] = [object.slice(0, slash), object.slice(slash + 1)];
  return (
    title === `${kind} ${rest}` || (!rest.includes('/') && title.startsWith(`${kind} `) && title.endsWith(`/${rest}`))
  );
}
