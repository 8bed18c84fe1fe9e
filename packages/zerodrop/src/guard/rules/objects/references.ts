import { isDeepStrictEqual } from 'node:util';
import type { FolderComparison } from '../../model/comparison.ts';
import type { Folder } from '../../model/folder.ts';
import type { ManifestObject } from '../../model/object.ts';
import { provides, referenceKey } from '../../model/provided.ts';
import { podReferences, type Reference, referencesOf } from '../../model/references.ts';
import type { Keys } from '../../read/location.ts';
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
      before !== null && after !== null && provides(before).length > 0 ? [{ before, after }] : [],
    );
    const permissions = lostPermissions(folder);
    if (removed.length === 0 && shrunk.length === 0) return permissions;
    const uses = usesIn(folder.after);
    return [
      ...permissions,
      ...removed.flatMap((object) => ofRemoved(object, folder, uses)),
      ...shrunk.flatMap(({ before, after }) => [
        ...ofRenamed(before, after, folder, uses),
        ...ofShrunk(before, after, folder, uses),
      ]),
    ];
  },
};

function ofRemoved(
  object: ManifestObject,
  folder: FolderComparison,
  uses: ReadonlyMap<string, readonly Use[]>,
): readonly Fault[] {
  const use = missed(providedKeys(object), folder, uses);
  // Of a Service that goes another rule says what it costs.
  if (use === undefined || object.is('/Service')) return [];
  return [
    {
      at: whole(object),
      what: `is gone, but ${use.user.title} uses ${object.kind === use.reference.kind ? 'it' : `the ${use.reference.kind} ${use.reference.name} that it makes`}`,
      why: costTo(use.user, folder.after),
      fix: 'Keep it, or take it out of what uses it in an earlier commit.',
    },
  ];
}

/** Who uses what stands under one of these keys, where nothing else in the folder is it or makes it. */
function missed(
  keys: readonly string[],
  { after }: FolderComparison,
  uses: ReadonlyMap<string, readonly Use[]>,
): Use | undefined {
  const key = keys.find((one) => uses.has(one));
  if (key === undefined || after.objects.some((other) => providedKeys(other).includes(key))) return undefined;
  return uses.get(key)?.[0];
}

/** An object that makes a Secret makes one of another name. */
function ofRenamed(
  before: ManifestObject,
  after: ManifestObject,
  folder: FolderComparison,
  uses: ReadonlyMap<string, readonly Use[]>,
): readonly Fault[] {
  const kept = providedKeys(after);
  const gone = providedKeys(before).filter((key) => !kept.includes(key));
  const use = missed(gone, folder, uses);
  if (use === undefined) return [];
  const { kind, name } = use.reference;
  return [
    {
      at: after.field('spec'),
      what: `no longer makes the ${kind} ${name}, but ${use.user.title} uses it`,
      why: costTo(use.user, folder.after),
      fix: 'Add a second object that makes the new one, move the pods over, and remove this one later.',
    },
  ];
}

function ofShrunk(
  before: ManifestObject,
  after: ManifestObject,
  folder: FolderComparison,
  uses: ReadonlyMap<string, readonly Use[]>,
): readonly Fault[] {
  if (fillsByPattern(after)) return [];
  const kept = keysOf(after);
  const lost = [...keysOf(before)].filter((key) => !kept.has(key));
  const known = providedKeys(after);
  return lost.flatMap((key) => {
    const use = known.flatMap((one) => uses.get(one) ?? []).find(({ reference }) => reference.key === key);
    if (use === undefined) return [];
    return [
      {
        at: after.field(...(partsOf(after).find((keys) => after.field(...keys).isSet) ?? ['data'])),
        what: `loses the key ${key}, but ${use.user.title} reads it`,
        why: costTo(use.user, folder.after),
        fix: 'Keep the key, or take it out of the pods in an earlier commit.',
      },
    ];
  });
}

/** An ExternalSecret that takes whole entries of its store, or a template, does not say which keys its Secret gets. */
function fillsByPattern(object: ManifestObject): boolean {
  return object.field('spec', 'dataFrom').isSet || object.field('spec', 'target', 'template').isSet;
}

/** Where the keys stand of a ConfigMap or a Secret, or of the Secret that an object makes. */
function partsOf(object: ManifestObject): readonly Keys[] {
  switch (object.type) {
    case 'external-secrets.io/ExternalSecret':
      return [['spec', 'data']];
    case 'bitnami.com/SealedSecret':
      return [['spec', 'encryptedData']];
    default:
      return [['data'], ['binaryData'], ['stringData']];
  }
}

/** The keys of a ConfigMap or Secret, or of the Secret that an object makes. */
export function keysOf(object: ManifestObject): ReadonlySet<string> {
  return new Set(
    partsOf(object).flatMap((keys) => {
      const field = object.field(...keys);
      return [
        ...field.entries().map(([key]) => key),
        ...field.each().flatMap((item) => item.loose('secretKey').text ?? []),
      ];
    }),
  );
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
