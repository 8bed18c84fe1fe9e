import { compare } from './compare.ts';
import { findingsOf } from './engine.ts';
import type { Finding } from './finding.ts';
import { notesOf } from './notes.ts';
import type { Profile, Severity } from './profile.ts';
import { candidates } from './read/candidates.ts';
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

/** What is said of a change. */
export interface Judgement {
  /** What costs requests or data, in the order of files and lines; those that annotations allow are among them. */
  readonly findings: readonly Finding[];
  /** What reviewers should know although nothing is wrong. */
  readonly notes: readonly string[];
}

/** Judges a change of manifests: what it would cost to go from one state of the files to the other. Reads nothing else. */
export function judge(before: Files, after: Files, options: GuardOptions = {}): Judgement {
  const { profile = 'any', severities = {}, returning = new Set<string>() } = options;
  const { unrendered, ...files } = candidates(before, after, profile);
  const comparison = compare(files.before, files.after, profile, returning);
  const findings = findingsOf(rules, comparison, profile, (rule) => severities[rule.id] ?? rule.severity[profile]);
  const skipped = unrendered.map(
    (directory) =>
      `${directory} is the input of Helm or Kustomize and was not judged. Render it before and after the change, and compare with --before and --after.`,
  );
  return { findings, notes: [...notesOf(comparison), ...skipped] };
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
