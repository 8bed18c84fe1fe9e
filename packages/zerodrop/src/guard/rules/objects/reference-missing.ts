import { didYouMean } from '../../../options.ts';
import type { Change, FolderComparison } from '../../model/comparison.ts';
import type { Folder, World } from '../../model/folder.ts';
import { kindsOf } from '../../model/kinds.ts';
import { isRecord, type ManifestObject } from '../../model/object.ts';
import { isClass, referenceKey } from '../../model/provided.ts';
import { type Reference, referencesOf } from '../../model/references.ts';
import { type Fault, type Rule, warned } from '../../rule.ts';
import { keysOf, providedKeys } from './references.ts';

/** Made in every namespace by the cluster, or by a mesh in it. */
const madeByCluster = new Set([
  'ConfigMap kube-root-ca.crt',
  'ConfigMap istio-ca-root-cert',
  'ConfigMap linkerd-identity-trust-roots',
  'ConfigMap openshift-service-ca.crt',
  'ServiceAccount default',
]);

const cost = 'Without it no new pod can start, and the rollout stops at its first pod.';

export const referenceMissing: Rule = {
  id: 'reference-missing',
  title: 'Pods refer to something that this folder does not have',
  severity: warned,
  judges: 'change',
  faults: (folder, { after }) => {
    const fresh = folder.changes.flatMap((change) => newReferences(change, folder));
    if (fresh.length === 0) return [];
    const provided = new Map(
      folder.after.objects.flatMap((object) => providedKeys(object).map((key) => [key, object] as const)),
    );
    const relied = reliedOn(folder.before);
    const said = new Set<string>();
    const makers = folder.after.objects.filter(({ group }) => kindsOf(group) === null);
    return fresh.flatMap(({ object, reference }): readonly Fault[] => {
      const { key, name, kind } = reference;
      const wanted = keyOf(reference, object);
      const found = provided.get(wanted);
      if (found !== undefined) {
        const isRead = key === null || !found.is('/ConfigMap', '/Secret') || keysOf(found).has(key);
        return isRead ? [] : [lacksKey(reference, found)];
      }
      // Five keys of one Secret are one thing that is missing.
      const use = `${object.key} ${wanted}`;
      if (said.has(use)) return [];
      said.add(use);
      const isThere =
        madeByCluster.has(`${kind} ${name}`) ||
        relied.has(wanted) ||
        makers.some((maker) => maker !== object && makes(maker, name)) ||
        isElsewhere({ object, reference }, after);
      return isThere ? [] : [lacksObject({ object, reference }, folder.after)];
    });
  },
};

/** A reference, and the object that has it. */
interface Use {
  readonly object: ManifestObject;
  readonly reference: Reference;
}

/** The references that an object has after a change and did not have before: of the others another rule says when they break. */
function newReferences({ before, after: object }: Change, folder: FolderComparison): readonly Use[] {
  if (object === null || folder.after.workload(object) === undefined) return [];
  const old = before === null ? [] : referencesOf(before, folder.before);
  const known = new Set(old.map(identity));
  return (
    referencesOf(object, folder.after)
      // Classes are a cluster's own as a rule.
      .filter((reference) => !known.has(identity(reference)) && !isClass(reference.kind))
      .map((reference) => ({ object, reference }))
  );
}

function identity({ kind, name, key }: Reference): string {
  return `${kind} ${name} ${key ?? ''}`;
}

/** What pods of a folder referred to before, whether the folder has it or not: it is in the cluster, or was missed before. */
function reliedOn(folder: Folder): ReadonlySet<string> {
  return new Set(
    folder.runners.flatMap(({ object }) => referencesOf(object, folder).map((reference) => keyOf(reference, object))),
  );
}

/** An object of an operator may make what it has the name of, or what it names: a database makes the Secret of its users. */
function makes(maker: ManifestObject, name: string): boolean {
  return name.startsWith(`${maker.name}-`) || says(maker.document, name);
}

/** True where a text stands somewhere as a value; the keys of an object name nothing. */
function says(value: unknown, text: string): boolean {
  if (Array.isArray(value)) return value.some((item) => says(item, text));
  return isRecord(value) ? Object.values(value).some((item) => says(item, text)) : value === text;
}

function keyOf(reference: Reference, { namespace }: ManifestObject): string {
  return referenceKey(reference.kind, namespace, reference.name);
}

/** True where a folder of the repository has it, for the same namespace. */
function isElsewhere({ object, reference }: Use, after: World): boolean {
  const key = keyOf(reference, object);
  return after.paths.some(
    (other) =>
      after.mentions(other, reference.name) &&
      (after.folder(other)?.objects ?? []).some((one) => providedKeys(one).includes(key)),
  );
}

function lacksKey(reference: Reference, found: ManifestObject): Fault {
  const key = reference.key ?? '';
  return {
    at: reference.at,
    what: `reads the key ${key} of ${found.title}, which has no such key`,
    why: cost,
    fix: `Add the key, or read one that is there.${didYouMean(key, keysOf(found))}`,
  };
}

const verbs: Readonly<Partial<Record<Reference['kind'], string>>> = {
  ConfigMap: 'reads',
  PersistentVolumeClaim: 'mounts',
  Secret: 'reads',
  ServiceAccount: 'runs as',
};

function lacksObject({ object, reference }: Use, folder: Folder): Fault {
  const { kind, name } = reference;
  const others = folder.objects.filter((one) => one.kind === kind && one.namespace === object.namespace);
  const hint = didYouMean(
    name,
    others.map((one) => one.name),
  );
  return {
    at: reference.at,
    what: `${verbs[kind] ?? 'uses'} the ${kind} ${name}, which nothing in this repository has or makes`,
    why: cost,
    fix: `Add it, or see that it is in the cluster before this is merged.${hint}`,
  };
}
