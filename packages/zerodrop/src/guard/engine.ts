import { stringify } from 'yaml';
import { annotationFor, type Finding, ofLine, type Profile, sentenceOf, type Severity } from './finding.ts';
import type { Comparison, FolderComparison } from './model/comparison.ts';
import { isRecord, type ManifestObject } from './model/object.ts';
import { yamlOptions } from './read/location.ts';
import { type Fault, type FileFault, formerly, type Place, quoted, type Rule } from './rule.ts';

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

/** The value of a field before a change; undefined where it had none, or where nobody can tell which entry of a list it was. */
function formerValue({ object, keys }: Place, old: ManifestObject | undefined): unknown {
  if (old === undefined) return undefined;
  const isSameEntry = keys.every((key, index) => {
    if (typeof key !== 'number') return true;
    const path = keys.slice(0, index + 1);
    return nameOf(object.field(...path).value) === nameOf(old.field(...path).value);
  });
  return isSameEntry ? old.field(...keys).value : undefined;
}

/** What is written in a field, before anything decides what it means: 1.10 and not 1.1. Undefined where it takes several lines. */
function writtenValue({ object, keys }: Place): string | undefined {
  const written = object.source(keys);
  if (written === null) return undefined;
  return typeof keys.at(-1) === 'number' ? written : /^[^:]*:\s+(.*)$/.exec(written)?.[1];
}

/** What tells an entry of a list from the others. */
function nameOf(entry: unknown): unknown {
  if (!isRecord(entry)) return null;
  return entry['name'] ?? entry['port'] ?? entry['containerPort'] ?? entry['host'] ?? null;
}

/** A field with another value, as one line of its file; null where one line does not hold it, or does not hold what it has now. */
function entryText({ object, keys }: Place, value: unknown): string | null {
  const is = object.field(...keys).value;
  if (!isScalar(value) || !isScalar(is) || is === value) return null;
  const { line, column, endLine, endColumn } = object.range(keys);
  const key = keys.at(-1);
  // A value that an alias stands for is written elsewhere.
  if (line !== endLine || endColumn - column <= (typeof key === 'string' ? key.length + 2 : 0)) return null;
  if (object.path.endsWith('.json')) {
    return typeof key === 'string' ? `${JSON.stringify(key)}: ${JSON.stringify(value)}` : JSON.stringify(value);
  }
  return typeof key === 'string' ? `${scalarText(key)}: ${scalarText(value)}` : scalarText(value);
}

function scalarText(value: string | number | boolean): string {
  const text = stringify(value, { ...yamlOptions, lineWidth: 0 }).trimEnd();
  // What takes several lines, or means something in a map in braces, is written with quotes.
  return /^[\w./@%+-][\w./@%+: -]*$/.test(text) && !/: |:$/.test(text) ? text : JSON.stringify(value);
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
