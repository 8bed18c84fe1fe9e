import { didYouMean } from '../options.ts';
import { allowingAnnotation, type Ineffective } from './finding.ts';
import type { Finding } from './finding.ts';
import { ruleOf, rules } from './rules/index.ts';

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

/** A commit, and what its message says of exceptions. */
export interface TrailingCommit {
  readonly commit: string;
  /** The values of its allowing trailers. */
  readonly trailers: readonly string[];
  readonly message: string;
}

/**
 * What commits allow, and which of their trailers do not.
 *
 * @param objects what a trailer can name, such as `Deployment shop/web`
 */
export function allowances(
  commits: readonly TrailingCommit[],
  objects: readonly string[],
): { readonly granted: readonly Allowance[]; readonly ineffective: readonly Ineffective[] } {
  const granted: Allowance[] = [];
  const ineffective: Ineffective[] = [];
  for (const { commit, trailers, message } of commits) {
    for (const value of trailers) {
      const read = readTrailer(value);
      const trailer = `${allowingTrailer}: ${value}`;
      if ('what' in read) ineffective.push({ ...read, commit, trailer });
      else {
        granted.push({ ...read, commit });
        const fault = objectFault(read, objects);
        if (fault !== null) ineffective.push({ ...fault, commit, trailer });
      }
    }
    for (const line of message.split('\n').filter((one) => meantTrailer.test(one))) {
      const isRead = trailers.some(
        (value) => `${allowingTrailer}: ${value}`.toLowerCase() === line.trim().toLowerCase(),
      );
      if (isRead || trailers.some((value) => line.includes(value.split(/\s+/)[0] ?? value))) continue;
      const [what, fix] = new RegExp(`^${allowingTrailer}:`, 'i').test(line)
        ? [
            'stands outside of the last paragraph of the message',
            'Put it into the last paragraph, beside other trailers only.',
          ]
        : [
            `is no trailer ${allowingTrailer}`,
            `Begin the line with ${allowingTrailer}: and put it into the last paragraph.`,
          ];
      ineffective.push({ commit, trailer: line.trim(), what, fix });
    }
  }
  return { granted, ineffective };
}

/** What people write when they mean the trailer. */
const meantTrailer = /^[\s*-]*guards?[-_ ]?all?ow\w*\s*:/i;

/** Reads the value of a trailer, or tells what is wrong with it. */
function readTrailer(value: string): Omit<Allowance, 'commit'> | Pick<Ineffective, 'what' | 'fix'> {
  const [, rule = '', object, because = ''] =
    /^([^:\s]*)(?:\s+([A-Za-z][\w.-]*(?:\/[\w.:-]*[\w.-]){1,2}))?\s*:?\s*(.*)$/s.exec(value.trim()) ?? [];
  if (rule === '') return { what: 'names no rule', fix: 'Write RULE Kind/name: why.' };
  if (ruleOf(rule) === undefined) {
    const meant = didYouMean(
      rule,
      rules.map(({ id }) => id),
    );
    return { what: `names ${rule}, which is no rule`, fix: `Name one that zerodrop guard --rules lists.${meant}` };
  }
  if (because.trim() === '')
    return { what: 'gives no reason', fix: 'Write the reason behind the rule: RULE Kind/name: why.' };
  return { rule, object: object ?? null, because: because.trim() };
}

/** What is wrong with the object of a trailer: it is none of the change, or it is no object and so the rule is allowed for all. */
function objectFault(
  { rule, object, because }: Omit<Allowance, 'commit'>,
  objects: readonly string[],
): Pick<Ineffective, 'what' | 'fix'> | null {
  if (object !== null) {
    if (objects.some((title) => isNamed(object, title))) return null;
    const names = objects.flatMap((title) => {
      const [kind = '', name = ''] = title.split(' ');
      return [`${kind}/${name}`, `${kind}/${name.split('/').at(-1) ?? ''}`];
    });
    const meant = didYouMean(object, names);
    const some = objects.slice(0, 5).join(', ') + (objects.length > 5 ? ` and ${objects.length - 5} more` : '');
    const there = objects.length === 0 ? 'Nothing differs.' : `What it could name: ${some}.`;
    return { what: `names ${object}, which is no object of what this change touches`, fix: `${there}${meant}` };
  }
  const word = /^([\w.-]+): /.exec(because)?.[1] ?? '';
  const meant = objects.filter((title) => title.endsWith(`/${word}`) || title.endsWith(` ${word}`));
  if (word === '' || meant.length === 0) return null;
  const names = meant.map((title) => title.replace(' ', '/'));
  return {
    what: `allows ${rule} for every object, because ${word} is no Kind/name`,
    fix: `Write ${rule} and one of ${names.join(', ')}.`,
  };
}

/** True where what comes before the reason of a trailer, `RULE` or `RULE Kind/name`, allows a finding. */
export function isAllowedBy(finding: Pick<Finding, 'rule' | 'object'>, allowed: string): boolean {
  const read = readTrailer(`${allowed}: because`);
  return !('what' in read) && allowanceOf(finding, [{ ...read, commit: '' }]) !== undefined;
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
