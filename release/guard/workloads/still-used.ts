import { nameOf } from '../change.ts';
import type { ManifestObject } from '../documents.ts';
import { field, listField } from '../field.ts';
import { isOneOf, isWorkload } from '../kinds.ts';
import { containersOf, templateOf } from '../pods.ts';
import type { ObjectRule } from '../rule.ts';

/** Pods that run keep what they were started with. The next one, on another node or after a crash, can't start. */
export const stillUsed: ObjectRule = ({ before, after }, folder) => {
  if (after !== null || !isOneOf(before, ['ConfigMap', 'Secret', 'ServiceAccount', 'PersistentVolumeClaim']))
    return null;
  const user = folder.after.filter(isWorkload).find((workload) => uses(workload, before));
  if (user === undefined) return null;
  const says = `is gone, but ${nameOf(user)} uses it. No new pod of it can start, neither now nor when a node fails: keep it, or take it out of the pods in an earlier commit`;
  return { says, at: [] };
};

function uses(workload: ManifestObject, { kind, namespace, name }: ManifestObject): boolean {
  if (workload.namespace !== namespace) return false;
  const pod = field(workload.document, ...(templateOf(workload) ?? []), 'spec');
  if (kind === 'ServiceAccount') return field(pod, 'serviceAccountName') === name;
  const volumes = listField(pod, 'volumes');
  if (kind === 'PersistentVolumeClaim') {
    return volumes.some((volume) => field(volume, 'persistentVolumeClaim', 'claimName') === name);
  }
  const sources = [
    ...[...containersOf(workload, 'initContainers'), ...containersOf(workload)].flatMap(({ container }) => [
      ...listField(container, 'envFrom').map((entry) => field(entry, kind === 'Secret' ? 'secretRef' : 'configMapRef')),
      ...listField(container, 'env').map((entry) =>
        field(entry, 'valueFrom', kind === 'Secret' ? 'secretKeyRef' : 'configMapKeyRef'),
      ),
    ]),
    ...volumes
      .flatMap((volume) => [volume, ...listField(volume, 'projected', 'sources')])
      .map((source) => field(source, kind === 'Secret' ? 'secret' : 'configMap')),
  ];
  return sources.some((source) => {
    // A volume of a secret calls it secretName.
    const named = field(source, 'name') ?? field(source, 'secretName');
    return named === name && field(source, 'optional') !== true;
  });
}
