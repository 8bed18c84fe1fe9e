import { posix } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { IApplication } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application';
import type { Profile } from '../../finding.ts';
import type { Comparison } from '../../model/comparison.ts';
import { foldersOf, type World } from '../../model/folder.ts';
import type { Field, ManifestObject } from '../../model/object.ts';
import { type FileFault, losslessOnly, refused, type Rule } from '../../rule.ts';

export const duplicate: Rule = {
  id: 'duplicate',
  title: 'An object stands twice',
  severity: refused,
  judges: 'repository',
  faults: (comparison, profile) => [...withinFolders(comparison), ...acrossFolders(comparison, profile)],
};

function withinFolders({ folders }: Comparison): readonly FileFault[] {
  return folders.flatMap(({ before, after, isOfArgo }) => {
    const known = twice(before.written);
    return [...twice(after.written)].flatMap(([key, [first, second]]) => {
      if (known.has(key)) return [];
      const more = isOfArgo ? ': Argo CD only warns.' : ', and the next change of one of them may count for nothing.';
      return [fault(second, first, `Which of both runs is a matter of luck${more}`)];
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

/**
 * An object that two Applications of one cluster have. In the profile `lossless` every folder has an Application, and what stands in one
 * folder with the Applications is for one Argo CD; elsewhere a folder without an Application may be for another cluster.
 */
function acrossFolders({ folders, after }: Comparison, profile: Profile): readonly FileFault[] {
  const clusters = new Map(
    after.applications.flatMap((application) =>
      foldersOf(application).map((path) => [path, clusterOf(application, profile)] as const),
    ),
  );
  const argoFolders = new Set(after.applications.map(folderWith));
  const placeOf = (path: string): string | undefined =>
    clusters.get(path) ?? (profile === 'lossless' ? (argoFolders.has(path) ? path : '') : undefined);
  const isNew = folders.flatMap(({ path, changes }) =>
    changes.flatMap(({ before, after: object }) =>
      before === null && placeOf(path) !== undefined ? [{ path, object }] : [],
    ),
  );
  const isFew = isNew.length <= 100;
  const index = new Map<string, readonly { readonly path: string; readonly object: ManifestObject }[]>();
  for (const path of after.paths) {
    const place = placeOf(path);
    // Most folders do not even have the names of few objects, and need not be read.
    if (place === undefined || (isFew && !isNew.some(({ object }) => after.mentions(path, object.name)))) continue;
    for (const object of after.folder(path)?.objects ?? []) {
      const key = `${place} ${object.key}`;
      index.set(key, [...(index.get(key) ?? []), { path, object }]);
    }
  }
  const why = 'Where two Applications have one object, neither is synced, or both undo each other for ever.';
  return isNew.flatMap(({ path, object }) => {
    const first = index.get(`${placeOf(path) ?? ''} ${object.key}`)?.find((one) => one.path !== path);
    return first === undefined ? [] : [fault(object, first.object, why)];
  });
}

/** The folder that an Application stands in. */
function folderWith(application: Field<IApplication>): string {
  return posix.dirname(application.object.path);
}

/** What Argo CD calls the cluster that it runs in itself, whichever that is. */
const ownCluster: ReadonlySet<string> = new Set(['in-cluster', 'https://kubernetes.default.svc']);

/** The cluster of an Application, by its address or its name. */
function clusterOf(application: Field<IApplication>, profile: Profile): string {
  const destination = application.at('spec', 'destination');
  const cluster = destination.at('name').text ?? destination.at('server').text ?? '';
  return profile === 'lossless' && ownCluster.has(cluster) ? folderWith(application) : cluster;
}

function fault(object: ManifestObject, first: ManifestObject, why: string): FileFault {
  return {
    about: object,
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
    folders.flatMap(({ path, before, after, isOfArgo }) => {
      const [first] = before.objects;
      if (first === undefined || after.objects.length > 0) return [];
      return [
        {
          path: first.path,
          line: 1,
          isGone: true,
          subject: `the folder ${path}`,
          what: 'has no object left',
          why: isOfArgo
            ? 'Argo CD refuses to delete all of them, unless allowEmpty is set, and rolls nothing out or back until some are there again.'
            : 'Whatever deletes what is gone from the folder deletes all of them, and every request to them fails.',
          fix: isOfArgo
            ? 'Render the folder anew, or remove its Application first.'
            : 'Render the folder anew, or remove its objects one by one.',
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
    const isLive = livingIn(before);
    const moved = movedApplications(folders);
    const touched = new Map<string, { readonly object: ManifestObject; readonly isGone: boolean }>();
    for (const { path, changes, returns } of folders) {
      for (const { before: old, after: next } of changes) {
        const object = next ?? old;
        if (object !== null && moved.has(object)) continue;
        const application = (old ?? next)?.as('argoproj.io/Application');
        const environment = environmentOf((application && foldersOf(application)[0]) ?? path);
        if (object !== null && !returns && !touched.has(environment) && isLive(environment)) {
          touched.set(environment, { object, isGone: next === null });
        }
      }
    }
    const [, second] = touched.values();
    if (second === undefined) return [];
    return [
      {
        path: second.object.path,
        line: second.object.range([]).line,
        isGone: second.isGone,
        subject: [...touched.keys()].map((path) => posix.basename(path)).join(' and '),
        what: 'change in one merge',
        why: 'What is wrong with the change reaches all of them at once, past the promotion that would have shown it in the first.',
        fix: 'Change one environment, and the next when that one runs well.',
      },
    ];
  },
};

/** Applications that stand in another folder now and are the same, where they are gone and where they come: nothing of what they apply changes. */
function movedApplications(folders: Comparison['folders']): ReadonlySet<ManifestObject> {
  const changes = folders.flatMap((folder) => folder.changes);
  const gone = changes.flatMap(({ before, after }) => (after === null && isApplication(before) ? [before] : []));
  const pairs = changes.flatMap(({ before, after }) => {
    if (before !== null || !isApplication(after)) return [];
    const former = gone.find((one) => one.key === after.key && isDeepStrictEqual(one.document, after.document));
    return former === undefined ? [] : [former, after];
  });
  return new Set(pairs);
}

function isApplication(object: ManifestObject): boolean {
  return object.is('argoproj.io/Application');
}

/** Tells whether pods run in an environment already. */
function livingIn(world: World): (environment: string) => boolean {
  const folders = new Map<string, string[]>();
  for (const path of world.paths) {
    const list = folders.get(environmentOf(path));
    if (list === undefined) folders.set(environmentOf(path), [path]);
    else list.push(path);
  }
  return (environment) =>
    (folders.get(environment) ?? []).some((path) => (world.folder(path)?.workloads.length ?? 0) > 0);
}

/** The environment of a folder: `manifests/staging` and `manifests/staging/web` are one. */
function environmentOf(folder: string): string {
  return folder.split('/').slice(0, 2).join('/');
}
