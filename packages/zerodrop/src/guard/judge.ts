import { isDeepStrictEqual } from 'node:util';
import { UsageError } from '../errors.ts';
import { didYouMean, expectedOneOf } from '../options.ts';
import { compare } from './compare.ts';
import { findingsOf } from './engine.ts';
import { type Finding, isProfile, type Profile, profiles, type Severity } from './finding.ts';
import { type Change, type Comparison, type FolderComparison, hashedSuccessor } from './model/comparison.ts';
import { isRecord } from './model/object.ts';
import { podReferences } from './model/references.ts';
import { type Candidates, candidates } from './read/candidates.ts';
import type { Files } from './read/files.ts';
import { ruleOf, rules } from './rules/index.ts';

/** How a change is judged. */
export interface GuardOptions {
  /** `any` unless said. */
  readonly profile?: Profile;
  /** The severity of rules where it is not the profile's, by the id of the rule. */
  readonly severities?: Readonly<Record<string, Severity | 'off'>>;
  /** The folders that become what they have been before, byte for byte: something is rolled back. */
  readonly returning?: ReadonlySet<string>;
}

/** How much was compared. Objects are counted in the folders in which a file differs; the others are not read. */
export interface Compared {
  /** Files that hold manifests, before or after the change. */
  readonly files: number;
  readonly changedFiles: number;
  readonly objects: number;
  readonly changedObjects: number;
  /** Charts and kustomizations, which were not compared, since nobody has rendered them. */
  readonly unrendered: readonly string[];
}

/** What is said of a change. */
export interface Judgement {
  /** What costs requests or data, in the order of files and lines; those that annotations allow are among them. */
  readonly findings: readonly Finding[];
  /** What reviewers should know although nothing is wrong. */
  readonly notes: readonly string[];
  readonly compared: Compared;
  /** The objects of the folders in which something differs, such as `Deployment shop/web`: what a finding may be about. */
  readonly objects: readonly string[];
}

/**
 * Judges a change of manifests: what it would cost to go from one state of the files to the other. Each state is a Map from the paths of
 * the files to their texts. Reads nothing else. Throws a UsageError for arguments of another kind.
 */
export function judge(before: Files, after: Files, options: GuardOptions = {}): Judgement {
  requireArguments(before, after, options);
  const { profile = 'any', severities = {}, returning = new Set<string>() } = options;
  const files = candidates(before, after, profile);
  const comparison = compare(files.before, files.after, profile, returning);
  const findings = findingsOf(rules, comparison, profile, (rule) => severities[rule.id] ?? rule.severity[profile]);
  const skipped = files.unrendered.map(
    (directory) =>
      `${directory} is the input of Helm or Kustomize and was not judged. Render it before and after the change, and compare with --before and --after.`,
  );
  const titles = comparison.folders.flatMap(({ before: old, after: next }) =>
    [...old.objects, ...next.objects].map(({ title }) => title),
  );
  return {
    findings,
    notes: [...notesOf(comparison), ...skipped],
    compared: comparedIn(files, comparison),
    objects: [...new Set(titles)],
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** Counts what a comparison has looked at. */
function comparedIn({ before, after, inputs }: Candidates, { folders }: Comparison): Compared {
  const gone = folders.flatMap(({ changes }) => changes.filter((change) => change.after === null));
  return {
    files: new Set([...before.keys(), ...after.keys()]).size,
    changedFiles: sum(folders.map(({ files }) => files.length)),
    objects: sum(folders.map((folder) => folder.after.objects.length)) + gone.length,
    changedObjects: sum(folders.map(({ changes }) => changes.length)),
    unrendered: inputs,
  };
}

/** What a change would cost: the findings of {@link judge}. */
export function guard(before: Files, after: Files, options: GuardOptions = {}): readonly Finding[] {
  return judge(before, after, options).findings;
}

/** A rule as its documentation names it. */
export interface RuleInformation {
  readonly id: string;
  readonly title: string;
  readonly severity: Readonly<Record<Profile, Severity | 'off'>>;
}

/** Every rule, in the order of the documentation. */
export const ruleList: readonly RuleInformation[] = rules.map(({ id, title, severity }) => ({ id, title, severity }));

/** True for the id of a rule. */
export function isRule(id: string): boolean {
  return ruleOf(id) !== undefined;
}

/** What reviewers should know although nothing is wrong. */
function notesOf({ folders }: Comparison): readonly string[] {
  return folders.flatMap((folder) =>
    folder.changes.flatMap((change) => [...ofStatefulSet(change, folder), ...ofHashedName(change, folder)]),
  );
}

function ofStatefulSet({ before: old, after: object }: Change, { before, after }: FolderComparison): readonly string[] {
  const set = object?.as('apps/StatefulSet');
  if (!object || !set || !old) return [];
  const [former, workload] = [before.workload(old), after.workload(object)];
  const isRolled = !isDeepStrictEqual(former?.template.value, workload?.template.value);
  if (!isRolled || set.at('spec', 'podManagementPolicy').value === 'Parallel') return [];
  return [
    `${object.title} rolls out in order: if its first new pod never gets ready, a revert does not replace that pod. Delete it by hand after the revert (kubernetes issue 67250).`,
  ];
}

/** Old pods run on while the new ones start, and need what they were started with when they start again. */
function ofHashedName({ before: gone, after: next }: Change, folder: FolderComparison): readonly string[] {
  if (gone === null || next !== null) return [];
  const successor = hashedSuccessor(gone, folder);
  if (successor === undefined) return [];
  const isUsed = folder.before.workloads.some((workload) =>
    podReferences(workload).some(({ kind, name }) => kind === gone.kind && name === gone.name),
  );
  if (!isUsed) return [];
  const waiting = folder.isOfArgo
    ? ' With PruneLast, Argo CD deletes it only when the new pods are healthy; if they never are, the sync stays open, and the revert waits behind it.'
    : '';
  return [
    `${gone.title} goes in the change that brings ${successor.title}. Where it is deleted at once, an old pod that starts again during the rollout can't start.${waiting} Keep it beside the new one, and delete it in a later change.`,
  ];
}

const severities: readonly string[] = ['refuse', 'warn', 'off'];

/** Makes sure that a program gave what the types ask for, because JavaScript does not. Throws {@link UsageError} with a sentence. */
function requireArguments(before: unknown, after: unknown, options: unknown): void {
  requireFiles('before', before);
  requireFiles('after', after);
  if (!isRecord(options))
    throw new UsageError(`options is ${named(options)}, expected an object such as { profile: 'any' }.`);
  const { profile, severities: chosen, returning, ...unknown } = options;
  const [other] = Object.keys(unknown);
  if (other !== undefined)
    throw new UsageError(
      `options.${other} is not an option, ${expectedOneOf(['profile', 'severities', 'returning'], other)}`,
    );
  if (profile !== undefined && !(typeof profile === 'string' && isProfile(profile))) {
    throw new UsageError(`options.profile is ${named(profile)}, ${expectedOneOf(profiles, profile)}`);
  }
  if (returning !== undefined && !(returning instanceof Set)) {
    throw new UsageError(
      `options.returning is ${named(returning)}, expected a Set of folders: new Set(['manifests/staging']).`,
    );
  }
  requireSeverities(chosen ?? {});
}

function requireFiles(name: string, files: unknown): void {
  if (!(files instanceof Map)) {
    throw new UsageError(
      `${name} is ${named(files)}, expected a Map from the paths of files to their texts: new Map([['manifests/web.yaml', text]]), or new Map(Object.entries(files)).`,
    );
  }
  for (const [path, content] of files) {
    if (typeof path !== 'string')
      throw new UsageError(`${name} has the key ${named(path)}, expected the path of a file.`);
    const isUnreadable =
      isRecord(content) && typeof content['why'] === 'string' && typeof content['object'] === 'string';
    if (typeof content !== 'string' && !isUnreadable) {
      throw new UsageError(
        `${name} has ${named(content)} at ${path}, expected the text of the file: buffer.toString(), where it was read as bytes.`,
      );
    }
  }
}

function requireSeverities(chosen: unknown): void {
  if (!isRecord(chosen)) {
    throw new UsageError(
      `options.severities is ${named(chosen)}, expected an object such as { 'image-unpinned': 'off' }.`,
    );
  }
  for (const [rule, severity] of Object.entries(chosen)) {
    if (ruleOf(rule) === undefined) {
      const meant = didYouMean(
        rule,
        rules.map(({ id }) => id),
      );
      throw new UsageError(`options.severities names ${rule}, which is no rule. ruleList has all of them.${meant}`);
    }
    if (typeof severity !== 'string' || !severities.includes(severity)) {
      throw new UsageError(
        `options.severities has ${named(severity)} for ${rule}, ${expectedOneOf(severities, severity)}`,
      );
    }
  }
}

/** A value as a sentence names it. */
function named(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return 'an array';
  const { name } = value.constructor ?? {};
  return name === undefined || name === 'Object' ? 'a plain object' : `a ${name}`;
}
