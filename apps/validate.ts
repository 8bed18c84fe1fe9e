import { type GroupKind, groupKindOf, isIn } from './argo/project.ts';
import { at, items, texts } from './validation/grammar.ts';
import { objectProblems, titleOf } from './validation/objects.ts';
import { kindNamed } from './validation/schema/schema.ts';

/**
 * Says what an API server or Argo CD would refuse in the objects of one folder, each by itself and beside the others; a sentence each.
 * `namespace` is the one that the folder's application may write to; null for a folder of Argo CD's own objects.
 */
export function folderProblems(objects: readonly unknown[], namespace: string | null): string[] {
  return [
    ...objects.flatMap(objectProblems),
    ...duplicates(objects),
    ...(namespace === null ? [] : objects.flatMap((object) => namespaceProblems(object, namespace))),
    ...objects.filter((object) => isOf(object, 'Service')).flatMap((service) => targetProblems(service, objects)),
  ];
}

function isOf(object: unknown, kind: string): boolean {
  return at(object, 'kind') === kind;
}

function duplicates(objects: readonly unknown[]): string[] {
  const seen = new Set<string>();
  return objects.flatMap((object) => {
    const group = String(at(object, 'apiVersion')).replace(/\/?[^/]*$/, '');
    const title = `${group} ${titleOf(object)}`;
    if (seen.has(title))
      return [
        `${titleOf(object)}: two objects have this kind and name, but Argo CD would apply only one of them. Rename or remove the other.`,
      ];
    seen.add(title);
    return [];
  });
}

/** Argo CD's project permits the objects of an environment in its namespace alone. */
function namespaceProblems(object: unknown, namespace: string): string[] {
  const kind = kindNamed(String(at(object, 'apiVersion')), String(at(object, 'kind')));
  const [own, name] = [at(object, 'metadata', 'namespace'), at(object, 'metadata', 'name')];
  if (own !== undefined && own !== namespace && kind?.namespaced !== false) {
    return [
      `${titleOf(object)}: metadata.namespace is '${String(own)}', but Argo CD may write only to ${namespace} here. Use that.`,
    ];
  }
  if (kind?.namespaced === false && !isOf(object, 'Namespace')) {
    return [
      `${titleOf(object)}: is of the whole cluster, but Argo CD may make only the namespace ${namespace} there. Leave it to who runs the cluster.`,
    ];
  }
  if (isOf(object, 'Namespace') && name !== namespace) {
    return [`${titleOf(object)}: Argo CD may make only the namespace ${namespace} here. Remove it.`];
  }
  return [];
}

/** The kinds of these objects that are in a namespace, each once. */
export function namespacedKinds(objects: readonly unknown[]): readonly GroupKind[] {
  const kinds: GroupKind[] = [];
  for (const object of objects) {
    const [apiVersion, kind] = [String(at(object, 'apiVersion')), String(at(object, 'kind'))];
    const own = groupKindOf(apiVersion, kind);
    if (kindNamed(apiVersion, kind)?.namespaced !== false && !isIn(kinds, own)) kinds.push(own);
  }
  return kinds;
}

/** A Service that sends to a port by a name which its pods don't have sends to nobody. */
function targetProblems(service: unknown, objects: readonly unknown[]): string[] {
  const selector = texts(at(service, 'spec', 'selector'));
  const pods = objects
    .map((object) => at(object, 'spec', 'template'))
    .filter((pod) => selector.every(([key, value]) => at(pod, 'metadata', 'labels', key) === value));
  if (selector.length === 0) return [];
  return items(at(service, 'spec', 'ports')).flatMap(([index, { targetPort }]) => {
    if (typeof targetPort !== 'string' || pods.length === 0) return [];
    const isThere = pods.some((pod) =>
      items(at(pod, 'spec', 'containers')).some(([, { ports }]) =>
        items(ports).some(([, { name }]) => name === targetPort),
      ),
    );
    if (isThere) return [];
    return [
      `${titleOf(service)}: spec.ports[${index}].targetPort is '${targetPort}', but no container of its pods has a port of that name. Use one of theirs.`,
    ];
  });
}
