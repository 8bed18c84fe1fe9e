import { annotationFor } from './exceptions/annotation.ts';
import { type Finding, ofLine, sentenceOf } from './finding.ts';
import type { Comparison, FolderComparison } from './model/comparison.ts';
import type { ManifestObject } from './model/object.ts';
import type { Profile, Severity } from './profile.ts';
import { type Fault, type FileFault, formerly, quoted, type Rule } from './rule.ts';
import { entryText, formerValue, writtenValue } from './suggestion.ts';

/** How severe each rule is, after the profile and the configuration. */
export type Severities = (rule: Rule) => Severity | 'off';

/** Asks every rule that is not off. Findings come in the order of files and lines. */
export function findingsOf(
  rules: readonly Rule[],
  comparison: Comparison,
  profile: Profile,
  severityOf: Severities,
): readonly Finding[] {
  const findings = rules.flatMap((rule) => {
    const severity = severityOf(rule);
    if (severity === 'off') return [];
    switch (rule.judges) {
      case 'repository':
        return rule.faults(comparison, profile).map((fault) => ofFile(rule.id, severity, fault));
      case 'file':
        return comparison.folders
          .flatMap((folder) => folder.files.flatMap((file) => rule.faults(file, folder)))
          .map((fault) => ofFile(rule.id, severity, fault));
      case 'change':
        return comparison.folders.flatMap((folder) =>
          rule.faults(folder, comparison, profile).map((fault) => ofObject(rule.id, severity, fault, folder)),
        );
      case 'state':
        return comparison.folders.flatMap((folder) =>
          newFaults(rule, folder, comparison, profile).map((fault) => ofObject(rule.id, severity, fault, folder)),
        );
    }
  });
  return findings.toSorted((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1));
}

/** The faults of the state after a change that were not there before it. */
function newFaults(
  rule: Rule & { readonly judges: 'state' },
  folder: FolderComparison,
  comparison: Comparison,
  profile: Profile,
): readonly Fault[] {
  const after = rule.faults({ folder: folder.after, world: comparison.after, profile });
  // Most folders have no fault, and what they had before does not matter then.
  if (after.length === 0) return after;
  const before = rule.faults({ folder: folder.before, world: comparison.before, profile });
  const known = new Set(before.map(keyOf));
  const spares = rule.sparesNew?.includes(profile) ?? false;
  return after.filter((fault) => {
    if ((spares || fault.sparesNew === true) && folder.before.get(fault.at.object.key) === undefined) return false;
    return !known.has(keyOf(fault));
  });
}

function keyOf({ at, key, what }: Fault): string {
  return `${at.object.key} ${key ?? what}`;
}

function ofObject(rule: string, severity: Severity, fault: Fault, { before, after }: FolderComparison): Finding {
  const { object, keys } = fault.at;
  const isGone = before.get(object.key) === object && after.get(object.key) !== object;
  const about = fault.about ?? object;
  const parts = { object: about.title, what: fault.what, why: fault.why, fix: fault.fix };
  return {
    rule,
    severity: severity === 'warn' ? 'warn' : (fault.severity ?? severity),
    path: object.path,
    isGone,
    commit: null,
    ...object.range(keys),
    ...parts,
    sentence: sentenceOf(parts),
    suggestion: suggestionOf(fault, before.get(object.key)),
    pods: fault.pods ?? null,
    annotated: annotationFor(about, rule),
  };
}

/** @param old the object before the change; undefined where it was not there */
function suggestionOf({ at, instead }: Fault, old: ManifestObject | undefined): string | null {
  if (instead === undefined) return null;
  if (instead === quoted) return entryText(at, writtenValue(at));
  return entryText(at, instead === formerly ? formerValue(at, old) : instead);
}

function ofFile(rule: string, severity: Severity, fault: FileFault): Finding {
  const parts = { object: fault.subject, what: fault.what, why: fault.why, fix: fault.fix };
  return {
    rule,
    severity,
    path: fault.path,
    isGone: fault.isGone ?? false,
    commit: null,
    ...ofLine(fault.line),
    ...parts,
    sentence: sentenceOf(parts),
    annotated: fault.about === undefined ? null : annotationFor(fault.about, rule),
  };
}
