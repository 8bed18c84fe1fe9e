import type { Profile } from './finding.ts';
import { changesBetween, type Comparison, type FileComparison } from './model/comparison.ts';
import { Folder, World } from './model/folder.ts';
import { isClusterScoped } from './model/kinds.ts';
import type { ManifestObject } from './model/object.ts';
import { type Flaw, flawsThatCount, hidesObjects, type ManifestFile, Reader } from './read/file.ts';
import { type Files, sameContent } from './read/files.ts';
import { byCollision, byDirectory, type Grouping } from './read/folders.ts';
import { State } from './read/state.ts';

/** Two states of all files. */
interface States {
  readonly before: State;
  readonly after: State;
}

/** One folder on both sides. */
interface Pair {
  readonly before: Folder;
  readonly after: Folder;
  readonly files: readonly FileComparison[];
  readonly isOfArgo: boolean;
}

/**
 * Compares two states of the manifests. Reads only the folders in which a file differs, and the others where a rule asks.
 *
 * @param returning the folders that become what they have been before: something is rolled back
 */
export function compare(before: Files, after: Files, profile: Profile, returning: ReadonlySet<string>): Comparison {
  const reader = new Reader();
  const states = { before: new State(before, reader), after: new State(after, reader) };
  const members = membersOf(states, profile);
  const pairs = new Map<string, Pair>();
  const pairOf = (path: string): Pair => {
    const known = pairs.get(path) ?? readPair(path, members.get(path) ?? [], states, profile);
    pairs.set(path, known);
    return known;
  };
  const worldOf = (side: 'before' | 'after'): World =>
    new World(
      new Map([...members.keys()].map((path) => [path, () => pairOf(path)[side]])),
      states[side].argo,
      (path, word) => (members.get(path) ?? []).some((file) => states[side].mentions(file, word)),
    );
  const changed = [...members].filter(([, files]) => files.some((file) => differs(file, states)));
  const worlds = { before: worldOf('before'), after: worldOf('after') };
  const folders = changed.map(([path]) => {
    const pair = { ...pairOf(path), applications: () => worlds.after.applicationsOf(path) };
    const changes = changesBetween(pair.before, pair.after, pair);
    return { path, ...pair, changes, returns: returning.has(path) };
  });
  return { folders, ...worlds };
}

/** The files of each folder. */
function membersOf(states: States, profile: Profile): ReadonlyMap<string, readonly string[]> {
  const group = grouping(states, profile);
  const members = new Map<string, string[]>();
  for (const path of [...new Set([...states.before.files.keys(), ...states.after.files.keys()])].toSorted()) {
    const folder = group(path);
    const list = members.get(folder);
    if (list === undefined) members.set(folder, [path]);
    else list.push(path);
  }
  return members;
}

function grouping(states: States, profile: Profile): Grouping {
  const sources = [...states.before.sources, ...states.after.sources];
  const directories = byDirectory(sources);
  if (profile === 'lossless') return directories;
  const claimed = new Set(sources.map(({ path }) => path));
  const isClaimed = (path: string): boolean => claimed.has(directories(path));
  const others = byCollision(
    [states.before, states.after].map(({ files }) => new Map([...files].filter(([path]) => !isClaimed(path)))),
  );
  return (path) => (isClaimed(path) ? directories(path) : others(path));
}

function differs(path: string, states: States): boolean {
  return !sameContent(states.before.files.get(path), states.after.files.get(path));
}

function readPair(path: string, paths: readonly string[], states: States, profile: Profile): Pair {
  const isClaimed = [states.before, states.after].some((state) => state.sources.some((source) => source.path === path));
  const compared = paths.map((file) => {
    const [before, after] = [states.before.read(file), states.after.read(file)];
    const isChanged = differs(file, states);
    const comparison = { path: file, before, after, isChanged };
    const count = (of: ManifestFile | null): ReturnType<typeof flawsThatCount> => {
      if (of === null) return [];
      const counted = flawsThatCount(of, { profile, isClaimed, other: of === after ? before : after });
      const isRead = (of === after ? states.after : states.before).reads(path, file);
      return counted.filter(({ kind }) => isRead || kind === 'another tool');
    };
    return { ...comparison, flaws: isChanged ? onlyMisread(count(after), before) : [], wasFlawed: count(before) };
  });
  const objects = { before: [] as ManifestObject[], after: [] as ManifestObject[] };
  const isHanded = { before: states.before.isHandedOver(path, paths), after: states.after.isHandedOver(path, paths) };
  for (const { path: file, before, after, flaws, wasFlawed } of compared) {
    // A file that can't be read is unknown, so it counts as unchanged: what is wrong is the file and not its objects.
    const isUnknown = {
      before: isHanded.before || wasFlawed.some((flaw) => hidesObjects(flaw, before)),
      after: isHanded.after || flaws.some((flaw) => hidesObjects(flaw, before)),
    };
    const read = {
      before: states.before.reads(path, file) ? (before?.objects ?? []) : [],
      after: states.after.reads(path, file) ? (after?.objects ?? []) : [],
    };
    if (isUnknown.before && isUnknown.after) continue;
    objects.before.push(...(isUnknown.before ? read.after : read.before));
    objects.after.push(...(isUnknown.after ? read.before : read.after));
  }
  const namespace = namespaceOf(path, states, [...objects.before, ...objects.after]);
  const folder = (side: readonly ManifestObject[]): Folder =>
    new Folder(
      path,
      side.map((object) => object.within(namespace)),
    );
  const files = compared.filter(({ isChanged }) => isChanged);
  const isOfArgo = isClaimed || profile === 'lossless';
  return { before: folder(objects.before), after: folder(objects.after), files, isOfArgo };
}

/** Where a file is newly misread, that alone: what else is odd in it may follow from that. */
function onlyMisread(flaws: readonly Flaw[], before: ManifestFile | null): readonly Flaw[] {
  const misread = flaws.find((flaw) => flaw.kind === 'misread' && hidesObjects(flaw, before));
  return misread === undefined ? flaws : [misread];
}

/** The namespace in which objects go that name none: their Application's, or the only one that the others name. */
function namespaceOf(path: string, states: States, objects: readonly ManifestObject[]): string | null {
  const destinations = [states.after, states.before]
    .flatMap((state) => state.sources)
    .filter((source) => source.path === path);
  const filledIn = destinations.find((source) => source.namespace !== null)?.namespace;
  if (filledIn !== undefined && filledIn !== null) return filledIn;
  const named = new Set(
    objects.flatMap((object) => {
      if (object.is('/Namespace')) return [object.name];
      return isClusterScoped(object.group, object.kind) || object.namespace === null ? [] : [object.namespace];
    }),
  );
  const [only] = named;
  return named.size === 1 && only !== undefined ? only : null;
}
