import { posix } from 'node:path';
import type { Files } from './files.ts';
import { split } from './split.ts';
import type { Source } from './state.ts';

/** Which folder each file belongs to: what is applied together. */
export type Grouping = (path: string) => string;

/** Groups files by directory, as Argo CD reads them; an Application may take what is below its directory as well. */
export function byDirectory(sources: readonly Source[]): Grouping {
  const recursive = sources.filter(({ recurse }) => recurse).map(({ path }) => path);
  return (path) => {
    const directory = posix.dirname(path);
    return (
      recursive.find((root) => root === '.' || directory === root || directory.startsWith(`${root}/`)) ?? directory
    );
  };
}

/**
 * Groups files that no Application claims: a tree of directories is one folder, as for `kubectl apply --recursive`, unless an
 * object stands in several of its directories. Those are for several clusters or namespaces, and each subdirectory is a folder.
 */
export function byCollision(states: readonly Files[]): Grouping {
  const paths = [...new Set(states.flatMap((files) => [...files.keys()]))];
  // Within one directory nothing can stand in two of them.
  const isOne = new Set(paths.map((path) => posix.dirname(path))).size <= 1;
  const identities = isOne ? [] : states.map((files) => identitiesOf(files));
  const groups = new Map<string, string>();
  place('.', paths);
  return (path) => groups.get(path) ?? posix.dirname(path);

  function place(root: string, below: readonly string[]): void {
    const collides = identities.some((known) => hasCollision(below, known));
    if (!collides) {
      const folder = commonDirectory(below);
      for (const path of below) groups.set(path, folder);
      return;
    }
    const prefix = root === '.' ? '' : `${root}/`;
    const parts = new Map<string, string[]>();
    for (const path of below) {
      const rest = path.slice(prefix.length);
      const part = rest.includes('/') ? `${prefix}${rest.slice(0, rest.indexOf('/'))}` : root;
      const members = parts.get(part);
      if (members === undefined) parts.set(part, [path]);
      else members.push(path);
    }
    for (const [part, members] of parts) {
      if (part === root) for (const path of members) groups.set(path, root);
      else place(part, members);
    }
  }
}

/** True where one object stands in two directories; twice in one directory is a mistake of its own. */
function hasCollision(paths: readonly string[], known: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Map<string, string>();
  return paths.some((path) =>
    (known.get(path) ?? []).some((identity) => {
      const other = seen.get(identity);
      seen.set(identity, posix.dirname(path));
      return other !== undefined && other !== posix.dirname(path);
    }),
  );
}

/** What the objects of files are called, by a glance at the usual form: good enough to tell environments apart. */
function identitiesOf(files: Files): ReadonlyMap<string, readonly string[]> {
  return new Map(
    [...files].map(([path, content]) => {
      const pieces = typeof content === 'string' ? split(content).pieces : [];
      return [path, pieces.flatMap(({ text }) => glance(text))] as const;
    }),
  );
}

function glance(text: string): readonly string[] {
  const kind = /^kind: *["']?([\w.-]+)/m.exec(text)?.[1];
  const name = /^metadata:(?:\r?\n(?: .*)?)*?\r?\n {1,4}name: *["']?([\w.-]+)/m.exec(text)?.[1];
  if (kind === undefined || name === undefined) return [];
  const namespace = /^metadata:(?:\r?\n(?: .*)?)*?\r?\n {1,4}namespace: *["']?([\w.-]+)/m.exec(text)?.[1] ?? '';
  return [`${kind} ${namespace} ${name}`];
}

function commonDirectory(paths: readonly string[]): string {
  const [first, ...rest] = paths.map((path) => posix.dirname(path).split('/'));
  let common = first ?? [];
  for (const parts of rest) {
    const end = common.findIndex((part, index) => parts[index] !== part);
    if (end !== -1) common = common.slice(0, end);
  }
  return common.length === 0 ? '.' : common.join('/');
}
