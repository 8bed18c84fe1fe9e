import type { Profile, Severity } from './finding.ts';
import type { Change, Comparison, FileComparison, FolderComparison } from './model/comparison.ts';
import type { Folder, World } from './model/folder.ts';
import type { ManifestObject } from './model/object.ts';
import type { Keys } from './read/location.ts';

/** A field of an object, whether it is there or not; a {@link Field} is one. */
export interface Place {
  readonly object: ManifestObject;
  readonly keys: Keys;
}

/** Stands for the value that a field had before the change. */
export const formerly = Symbol('formerly');
/** Stands for what is written in a field now, as a text. */
export const quoted = Symbol('quoted');

/** Something that a change costs. */
export interface Fault {
  readonly at: Place;
  /** The object that it is about, where it shows at another one. */
  readonly about?: ManifestObject;
  /** What is wrong, as a sentence whose subject is the object: "changes its selector from a to b". */
  readonly what: string;
  /** Why that costs requests or data: whole sentences. */
  readonly why: string;
  /** What to do instead: whole sentences, as instructions. */
  readonly fix: string;
  /** Where it weighs less than its rule does elsewhere. */
  readonly severity?: 'warn';
  /** Tells it from other faults of this rule at this object; `what` where that says it all. */
  readonly key?: string;
  /** An object that is new may have it: nobody relies on it yet. */
  readonly sparesNew?: boolean;
  /** The value that the author can write into the field instead, if the manifest sets it. */
  readonly instead?: string | number | boolean | typeof formerly | typeof quoted;
  /** How many pods are concerned, where that is known. */
  readonly pods?: number;
}

/** A fault of a file and not of the field of an object. */
export interface FileFault {
  /** The object that it is about, whose annotation may allow it; without one no annotation does. */
  readonly about?: ManifestObject;
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** What the sentence is about: `line 12`, or a folder. */
  readonly subject: string;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
  /** True where the line is that of the file before the change. */
  readonly isGone?: boolean;
}

/** One state of a folder, and what is around it. */
export interface State {
  readonly folder: Folder;
  readonly world: World;
  readonly profile: Profile;
}

/** What every rule says about itself. docs/rules/ has a page for each. */
interface About {
  /** Stable: trailers, annotations and settings name it. */
  readonly id: string;
  /** What the rule refuses, in a few words. */
  readonly title: string;
  readonly severity: Readonly<Record<Profile, Severity | 'off'>>;
}

/**
 * A rule. One that judges a state finds faults in it, and a change is to blame for those that were not there before; one that
 * judges a change looks at both sides itself.
 */
export type Rule = About &
  (
    | {
        readonly judges: 'state';
        readonly faults: (state: State) => readonly Fault[];
        /** Profiles in which an object that is new may have the fault: nobody relies on it yet. */
        readonly sparesNew?: readonly Profile[];
      }
    | {
        readonly judges: 'change';
        readonly faults: (folder: FolderComparison, comparison: Comparison, profile: Profile) => readonly Fault[];
      }
    | {
        readonly judges: 'file';
        readonly faults: (file: FileComparison, folder: FolderComparison) => readonly FileFault[];
      }
    | {
        readonly judges: 'repository';
        readonly faults: (comparison: Comparison, profile: Profile) => readonly FileFault[];
      }
  );

/** True where Argo CD applies a folder: an Application names it, or the profile says so. */
export function isOfArgo(path: string, world: World, profile: Profile): boolean {
  return profile === 'lossless' || world.applicationsOf(path).length > 0;
}

/** Judges each changed object. */
export function ofChanges(
  judge: (change: Change, folder: FolderComparison, profile: Profile) => Fault | readonly Fault[] | null,
): (folder: FolderComparison, comparison: Comparison, profile: Profile) => readonly Fault[] {
  return (folder, _comparison, profile) => folder.changes.flatMap((change) => judge(change, folder, profile) ?? []);
}

/** The place of an object as a whole. */
export function whole(object: ManifestObject): Place {
  return { object, keys: [] };
}

/** A severity that is the same in both profiles. */
export const refused = { lossless: 'refuse', any: 'refuse' } as const;
export const warned = { lossless: 'warn', any: 'warn' } as const;
export const losslessOnly = { lossless: 'refuse', any: 'off' } as const;
export const warnedElsewhere = { lossless: 'refuse', any: 'warn' } as const;
