import { type Change, nameOf } from './change.ts';
import type { Comparison, Folder } from './comparison.ts';
import type { ManifestObject } from './documents.ts';
import type { Keys } from './offset.ts';

/** Something that a change costs. */
export interface Finding {
  /** The file, relative to the repository. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** What is at fault, as its sentence begins: `Deployment web-staging/web`, or `line 12`. */
  readonly object: string;
  /**
   * What it costs, why, and the way out. The words follow the object's name and are followed by how to allow it: "changes its
   * selector from a to b. Kubernetes refuses that: add a second one instead".
   */
  readonly says: string;
}

/** Looks at all that changes, and finds what costs requests or data. */
export type Rule = (comparison: Comparison) => readonly Finding[];

/** What is wrong with one object, and the field that its author has to look at. */
export interface Complaint {
  readonly says: string;
  readonly at: Keys;
}

/** Judges one changed object; null where it costs nothing. Its neighbours are what the same application applies. */
export type ObjectRule = (change: Change, folder: Folder) => Complaint | null;

/**
 * Judges each changed object by itself. A fault that was committed earlier is no reason to refuse a commit that does not touch
 * its object, nor one that rolls it back to what it was: nothing may stand in the way of a revert but what the revert itself does.
 */
export function onObjects(rule: ObjectRule): Rule {
  return ({ folders }) =>
    folders.flatMap((folder) =>
      folder.changes.flatMap((change) => {
        const complaint = rule(change, folder);
        if (complaint === null || (folder.returns && wasThere(rule, change, folder))) return [];
        return [finding(change, complaint)];
      }),
    );
}

/** What would be complained of if nothing had changed. */
function wasThere(rule: ObjectRule, { before }: Change, folder: Folder): boolean {
  return before !== null && rule({ before, after: before }, { ...folder, after: folder.before, changes: [] }) !== null;
}

function finding({ before, after }: Change, complaint: Complaint): Finding {
  if (after !== null) return findingAt(after, complaint);
  return { path: before.path, line: 1, object: nameOf(before), says: complaint.says };
}

/** A finding at a field of an object that is there. */
export function findingAt(object: ManifestObject, { says, at }: Complaint): Finding {
  return { path: object.path, line: object.line(at), object: nameOf(object), says };
}
