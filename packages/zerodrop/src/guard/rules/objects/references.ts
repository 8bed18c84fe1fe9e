import { isDeepStrictEqual } from 'node:util';
import type { FolderComparison } from '../../model/comparison.ts';
import type { Folder } from '../../model/folder.ts';
import type { ManifestObject } from '../../model/object.ts';
import { podReferences, provides, type Reference, referenceKey, referencesOf } from '../../model/references.ts';
import { type Fault, refused, type Rule, warnedElsewhere, whole } from '../../rule.ts';
import { lostPermissions } from './permissions.ts';

/** A reference, and the object that has it. */
interface Use {
  readonly user: ManifestObject;
  readonly reference: Reference;
}

/** Who refers to what in a folder. */
function usesIn(folder: Folder): ReadonlyMap<string, readonly Use[]> {
  const uses = new Map<string, Use[]>();
  for (const user of folder.objects) {
    for (const reference of referencesOf(user, folder)) {
      const key = referenceKey(reference.kind, user.namespace, reference.name);
      const list = uses.get(key);
      if (list === undefined) uses.set(key, [{ user, reference }]);
      else list.push({ user, reference });
    }
  }
  return uses;
}

/** How an index calls what an object is or makes; none for one that nobody refers to. */
export function providedKeys(object: ManifestObject): readonly string[] {
  return provides(object).map(({ kind, name }) => referenceKey(kind, object.namespace, name));
}

function costTo(user: ManifestObject, folder: Folder): string {
  if (folder.workload(user) !== undefined) {
    return "Pods that run keep what they were started with, so nothing is seen yet: the next pod can't start, in the next rollout or when a node fails.";
  }
  return user.is('networking.k8s.io/Ingress', 'gateway.networking.k8s.io/Gateway')
    ? 'Its TLS connections fail as soon as the load balancer follows.'
    : 'What relies on it fails as soon as it is asked again.';
}

export const stillUsed: Rule = {
  id: 'still-used',
  title: 'Something goes that others still use',
  severity: refused,
  judges: 'change',
  faults: (folder) => {
    const removed = folder.changes.flatMap((change) => (change.after === null ? [change.before] : []));
    const shrunk = folder.changes.flatMap(({ before, after }) =>
      before !== null && after !== null && after.is('/ConfigMap', '/Secret') ? [{ before, after }] : [],
    );
    const permissions = lostPermissions(folder);
    if (removed.length === 0 && shrunk.length === 0) return permissions;
    const uses = usesIn(folder.after);
    return [
      ...permissions,
      ...removed.flatMap((object) => ofRemoved(object, folder, uses)),
      ...shrunk.flatMap(({ before, after }) => ofShrunk(before, after, folder, uses)),
    ];
  },
};

function ofRemoved(
  object: ManifestObject,
  folder: FolderComparison,
  uses: ReadonlyMap<string, readonly Use[]>,
): readonly Fault[] {
  const key = providedKeys(object).find((one) => uses.has(one));
  const use = key === undefined ? undefined : uses.get(key)?.[0];
  if (key === undefined || use === undefined) return [];
  if (folder.after.objects.some((other) => providedKeys(other).includes(key))) return [];
  return [
    {
      at: whole(object),
      what: `is gone, but ${use.user.title} uses ${object.kind === use.reference.kind ? 'it' : `the ${use.reference.kind} ${use.reference.name} that it makes`}`,
      why: costTo(use.user, folder.after),
      fix: 'Keep it, or take it out of what uses it in an earlier commit.',
    },
  ];
}

function ofShrunk(
  before: ManifestObject,
  after: ManifestObject,
  folder: FolderComparison,
  uses: ReadonlyMap<string, readonly Use[]>,
): readonly Fault[] {
  const kept = keysOf(after);
  const lost = [...keysOf(before)].filter((key) => !kept.has(key));
  return lost.flatMap((key) => {
    const use = uses
      .get(referenceKey(after.kind, after.namespace, after.name))
      ?.find(({ reference }) => reference.key === key);
    if (use === undefined) return [];
    return [
      {
        at: after.field(after.field('data').isSet ? 'data' : 'stringData'),
        what: `loses the key ${key}, but ${use.user.title} reads it`,
        why: costTo(use.user, folder.after),
        fix: 'Keep the key, or take it out of the pods in an earlier commit.',
      },
    ];
  });
}

/** The keys of a ConfigMap or Secret. */
export function keysOf(object: ManifestObject): ReadonlySet<string> {
  return new Set(valuesOf(object).keys());
}

/** What a ConfigMap or Secret holds, by key. */
function valuesOf(object: ManifestObject): ReadonlyMap<string, unknown> {
  return new Map(['data', 'binaryData', 'stringData'].flatMap((part) => object.field(part).entries()));
}

/** Annotations by which a controller in the cluster rolls pods when their configuration changes. */
const reloaders = /^(?:reloader\.stakater\.com|configmap\.reloader\.stakater\.com|secret\.reloader\.stakater\.com)\//;

export const configurationUnrolled: Rule = {
  id: 'configuration-unrolled',
  title: 'Configuration changes and no pod is replaced',
  severity: warnedElsewhere,
  judges: 'change',
  faults: (folder) => {
    const changed = new Map(
      folder.changes.flatMap(({ before, after }) =>
        before !== null && after !== null && after.is('/ConfigMap', '/Secret')
          ? [
              [
                `${after.kind} ${after.namespace ?? ''}/${after.name}`,
                { after, keys: changedKeys(before, after) },
              ] as const,
            ]
          : [],
      ),
    );
    return changed.size === 0 ? [] : stale(folder, changed);
  },
};

/** A ConfigMap or Secret, and the keys of it that differ. */
interface Configuration {
  readonly after: ManifestObject;
  readonly keys: ReadonlySet<string>;
}

function stale(folder: FolderComparison, changed: ReadonlyMap<string, Configuration>): readonly Fault[] {
  const reported = new Set<ManifestObject>();
  return folder.after.workloads.flatMap((workload): readonly Fault[] => {
    const { object } = workload;
    const former = folder.before.counterpart(workload);
    if (former === undefined || !isDeepStrictEqual(former.template.value, workload.template.value)) return [];
    if (
      object
        .field('metadata', 'annotations')
        .entries()
        .some(([key]) => reloaders.test(key))
    )
      return [];
    return podReferences(workload).flatMap((reference): readonly Fault[] => {
      const found = changed.get(`${reference.kind} ${object.namespace ?? ''}/${reference.name}`);
      if (found === undefined || found.keys.size === 0 || reported.has(found.after)) return [];
      const configuration = found.after;
      const isRead = reference.key === null || found.keys.has(reference.key);
      if (!isRead || reference.how === 'other') return [];
      reported.add(configuration);
      const isFile = reference.how === 'file';
      return [
        {
          at: configuration.field(configuration.field('data').isSet ? 'data' : 'stringData'),
          what: `changes, and ${object.title}, which reads it ${isFile ? 'as files' : 'when a pod starts'}, does not roll out`,
          why: isFile
            ? 'All pods see the new files at the same moment, or at their next start, without a probe in between and without a revision to go back to.'
            : 'Pods that run keep the old values, and those that start later, after a crash or on another node, run with values that no rollout has tried.',
          fix: 'Put a hash of the configuration into the pod template, or into the name of the ConfigMap.',
          ...(isFile ? { severity: 'warn' as const } : {}),
        },
      ];
    });
  });
}

function changedKeys(before: ManifestObject, after: ManifestObject): ReadonlySet<string> {
  const [old, next] = [valuesOf(before), valuesOf(after)];
  return new Set([...old.keys(), ...next.keys()].filter((key) => !isDeepStrictEqual(old.get(key), next.get(key))));
}
