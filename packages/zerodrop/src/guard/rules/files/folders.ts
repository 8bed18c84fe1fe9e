import { posix } from 'node:path';
import type { Comparison } from '../../model/comparison.ts';
import type { ManifestObject } from '../../model/object.ts';
import { foldersOf } from '../../model/world.ts';
import { type FileFault, losslessOnly, type Rule, refused } from '../../rule.ts';

export const duplicate: Rule = {
  id: 'duplicate',
  title: 'An object stands twice',
  severity: refused,
  judges: 'repository',
  faults: (comparison) => [...withinFolders(comparison), ...acrossFolders(comparison)],
};

function withinFolders({ folders }: Comparison): readonly FileFault[] {
  return folders.flatMap(({ before, after, files }) => {
    const changed = new Set(files.map(({ path }) => path));
    const known = twice(before.objects);
    return [...twice(after.objects)].flatMap(([key, [first, second]]) => {
      if (known.has(key) || !(changed.has(first.path) || changed.has(second.path))) return [];
      return [fault(second, first, 'Which of both runs is a matter of luck: Argo CD only warns.')];
    });
  });
}

/** Objects that stand in a list twice, by their key, with the first two places. */
function twice(objects: readonly ManifestObject[]): ReadonlyMap<string, readonly [ManifestObject, ManifestObject]> {
  const seen = new Map<string, ManifestObject>();
  const double = new Map<string, readonly [ManifestObject, ManifestObject]>();
  for (const object of objects) {
    const first = seen.get(object.key);
    if (first === undefined) seen.set(object.key, object);
    else if (!double.has(object.key)) double.set(object.key, [first, object]);
  }
  return double;
}

/** An object that two Applications have. Elsewhere another folder may be for another cluster. */
function acrossFolders({ folders, after }: Comparison): readonly FileFault[] {
  if (after.applications.length === 0) return [];
  const applied = new Map(
    after.applications.flatMap((application) =>
      foldersOf(application).map((path) => [path, destination(application.value)] as const),
    ),
  );
  const isNew = folders.flatMap(({ path, changes }) =>
    changes.flatMap(({ before, after: object }) => (before === null && object !== null ? [{ path, object }] : [])),
  );
  if (isNew.length === 0) return [];
  return isNew.flatMap(({ path, object }) => {
    const where = applied.get(path);
    if (where === undefined) return [];
    for (const [other, place] of applied) {
      if (other === path || place !== where) continue;
      const first = after.folder(other)?.get(object.key);
      if (first !== undefined)
        return [
          fault(
            object,
            first,
            'Where two Applications have one object, neither is synced, or both undo each other for ever.',
          ),
        ];
    }
    return [];
  });
}

/** The cluster of an Application, by its address or its name. */
function destination(application: unknown): string {
  const spec = (application as { spec?: { destination?: { server?: unknown; name?: unknown } } } | null)?.spec;
  return JSON.stringify([spec?.destination?.server, spec?.destination?.name]);
}

function fault(object: ManifestObject, first: ManifestObject, why: string): FileFault {
  return {
    path: object.path,
    line: object.range([]).line,
    subject: object.title,
    what: `stands in ${first.path}, line ${first.range([]).line}, too`,
    why,
    fix: 'Keep one.',
  };
}

export const folderEmptied: Rule = {
  id: 'folder-emptied',
  title: 'A folder loses all of its objects',
  severity: refused,
  judges: 'repository',
  faults: ({ folders }) =>
    folders.flatMap(({ path, before, after }) => {
      const [first] = before.objects;
      if (first === undefined || after.objects.length > 0) return [];
      return [
        {
          path: first.path,
          line: 1,
          subject: `the folder ${path}`,
          what: 'has no object left',
          why: 'Argo CD refuses to delete all of them, unless allowEmpty is set, and rolls nothing out or back until some are there again.',
          fix: 'Render the folder anew, or remove its Application first.',
        },
      ];
    }),
};

export const severalEnvironments: Rule = {
  id: 'several-environments',
  title: 'Several environments change in one merge',
  severity: losslessOnly,
  judges: 'repository',
  faults: ({ folders, before }) => {
    const live = new Set(
      before.paths.filter((path) => (before.folder(path)?.workloads.length ?? 0) > 0).map(environmentOf),
    );
    const touched = new Map<string, { readonly path: string; readonly line: number }>();
    for (const { path, changes, returns } of folders) {
      for (const { before: old, after: next } of changes) {
        const object = next ?? old;
        const application = (old ?? next)?.as('argoproj.io/Application');
        const environment = environmentOf((application && foldersOf(application)[0]) ?? path);
        if (object !== null && live.has(environment) && !returns && !touched.has(environment)) {
          touched.set(environment, { path: object.path, line: next?.range([]).line ?? 1 });
        }
      }
    }
    const [, second] = touched.values();
    if (second === undefined) return [];
    return [
      {
        ...second,
        subject: [...touched.keys()].map((path) => posix.basename(path)).join(' and '),
        what: 'change in one merge',
        why: 'What is wrong with the change reaches all of them at once, past the promotion that would have shown it in the first.',
        fix: 'Change one environment, and the next when that one runs well.',
      },
    ];
  },
};

/** The environment of a folder: `manifests/staging` and `manifests/staging/web` are one. */
function environmentOf(folder: string): string {
  return folder.split('/').slice(0, 2).join('/');
}
