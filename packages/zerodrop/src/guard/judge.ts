import { compare } from './compare.ts';
import type { Compared } from './compared.ts';
import { findingsOf } from './engine.ts';
import type { Finding } from './finding.ts';
import type { Comparison } from './model/comparison.ts';
import { notesOf } from './notes.ts';
import type { Profile, Severity } from './profile.ts';
import { type Candidates, candidates } from './read/candidates.ts';
import type { Files } from './read/files.ts';
import { requireArguments } from './require-arguments.ts';
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
