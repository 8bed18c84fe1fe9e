import { isDeepStrictEqual } from 'node:util';
import { fromTo } from '../../model/comparison.ts';
import { type ManifestObject, quantity } from '../../model/object.ts';
import { isMadeAnew } from '../../model/sync.ts';
import type { Keys } from '../../read/location.ts';
import { type Fault, formerly, ofChanges, refused, type Rule } from '../../rule.ts';

/** Which fields of a kind an API server does not change (kubernetes/pkg/apis). */
interface Fixed {
  /** These never change. */
  readonly fields?: readonly Keys[];
  /** Of everything under `spec` only these change. */
  readonly onlySpec?: readonly string[];
}

const fixed: Readonly<Record<string, Fixed>> = {
  'apps/StatefulSet': {
    onlySpec: [
      'selector',
      'replicas',
      'ordinals',
      'template',
      'updateStrategy',
      'revisionHistoryLimit',
      'persistentVolumeClaimRetentionPolicy',
      'minReadySeconds',
    ],
  },
  'batch/Job': {
    onlySpec: [
      'parallelism',
      'suspend',
      'activeDeadlineSeconds',
      'backoffLimit',
      'ttlSecondsAfterFinished',
      'maxFailedIndexes',
    ],
  },
  '/PersistentVolumeClaim': { onlySpec: ['resources', 'volumeAttributesClassName'] },
  '/PersistentVolume': {
    fields: [
      ['spec', 'csi'],
      ['spec', 'nfs'],
      ['spec', 'hostPath'],
      ['spec', 'local'],
      ['spec', 'nodeAffinity'],
      ['spec', 'volumeMode'],
    ],
  },
  '/Pod': {
    onlySpec: [
      'activeDeadlineSeconds',
      'tolerations',
      'containers',
      'initContainers',
      'terminationGracePeriodSeconds',
      'schedulingGates',
    ],
  },
  '/Secret': { fields: [['type']] },
  '/Service': {
    fields: [
      ['spec', 'clusterIP'],
      ['spec', 'clusterIPs'],
    ],
  },
  'rbac.authorization.k8s.io/RoleBinding': { fields: [['roleRef']] },
  'rbac.authorization.k8s.io/ClusterRoleBinding': { fields: [['roleRef']] },
  'storage.k8s.io/StorageClass': {
    fields: [['provisioner'], ['parameters'], ['reclaimPolicy'], ['volumeBindingMode']],
  },
  'storage.k8s.io/CSIDriver': {
    fields: [
      ['spec', 'attachRequired'],
      ['spec', 'volumeLifecycleModes'],
    ],
  },
  'networking.k8s.io/IngressClass': { fields: [['spec', 'controller']] },
  'node.k8s.io/RuntimeClass': { fields: [['handler']] },
  'scheduling.k8s.io/PriorityClass': { fields: [['value'], ['preemptionPolicy']] },
  'apps/ReplicaSet': { fields: [['spec', 'selector']] },
  'apiextensions.k8s.io/CustomResourceDefinition': {
    fields: [
      ['spec', 'group'],
      ['spec', 'scope'],
      ['spec', 'names', 'plural'],
      ['spec', 'names', 'kind'],
    ],
  },
};

const why =
  'The API server answers "field is immutable" or "Forbidden": what applies the object fails, and so does each attempt after it.';

export const immutableField: Rule = {
  id: 'immutable-field',
  title: 'The API server refuses the change of a field',
  severity: refused,
  judges: 'change',
  faults: ofChanges(({ before, after }, folder) => {
    if (before === null || after === null || isMadeAnew(before, after, folder)) return null;
    return [
      ...changedFields(before, after),
      ...ofImmutable(before, after),
      ...ofClaim(before, after),
      ...ofContainers(before, after),
    ];
  }),
};

function changedFields(before: ManifestObject, after: ManifestObject): readonly Fault[] {
  const kind = after.type;
  const { fields = [], onlySpec } = Object.hasOwn(fixed, kind) ? (fixed[kind] ?? {}) : {};
  const keys = onlySpec === undefined ? [] : specKeys(before, after).filter((key) => !onlySpec.includes(key));
  return [...fields, ...keys.map((key): Keys => ['spec', key])]
    .filter((path) => differs(before, after, path))
    .map((path) => ({
      at: after.field(...path),
      what: `changes ${path.join('.')} ${fromTo(before.field(...path).value, after.field(...path).value)}`,
      why,
      fix: `Add a second ${after.kind} under another name, move what uses this one over, and remove it later.`,
      instead: formerly,
    }));
}

function specKeys(before: ManifestObject, after: ManifestObject): readonly string[] {
  return [
    ...new Set(
      [before, after].flatMap((object) =>
        object
          .field('spec')
          .entries()
          .map(([key]) => key),
      ),
    ),
  ];
}

/** A field that the API server fills in may be said or not. */
function differs(before: ManifestObject, after: ManifestObject, path: Keys): boolean {
  const [old, next] = [before.field(...path).value, after.field(...path).value];
  if (isDeepStrictEqual(old, next)) return false;
  if (old !== undefined && next !== undefined) return true;
  const said = old ?? next;
  if (path.at(-1) === 'clusterIP') return said === 'None' || next !== undefined;
  return !isDeepStrictEqual(said, usual[path.join('.')]);
}

const usual: Readonly<Record<string, unknown>> = {
  type: 'Opaque',
  'spec.podManagementPolicy': 'OrderedReady',
  'spec.volumeMode': 'Filesystem',
  'spec.completions': 1,
  'spec.completionMode': 'NonIndexed',
  'spec.manualSelector': false,
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'Immediate',
  preemptionPolicy: 'PreemptLowerPriority',
};

function ofImmutable(before: ManifestObject, after: ManifestObject): readonly Fault[] {
  if (!after.is('/ConfigMap', '/Secret') || before.field('immutable').value !== true) return [];
  const changed = ['data', 'binaryData', 'stringData', 'immutable'].find((key) => differs(before, after, [key]));
  if (changed === undefined) return [];
  return [
    {
      at: after.field(changed),
      what: `changes its ${changed}, although it is immutable`,
      why,
      fix: `Make a second ${after.kind} under another name, such as one with a hash of its data, and let the pods use that.`,
    },
  ];
}

/** A claim can grow, if its class allows it. */
function ofClaim(before: ManifestObject, after: ManifestObject): readonly Fault[] {
  if (!after.is('/PersistentVolumeClaim')) return [];
  const size: Keys = ['spec', 'resources', 'requests', 'storage'];
  const [old, next] = [quantity(before.field(...size).value), quantity(after.field(...size).value)];
  if (old === null || next === null || next >= old) return [];
  return [
    {
      at: after.field(...size),
      what: `shrinks from ${String(before.field(...size).value)} to ${String(after.field(...size).value)}`,
      why,
      fix: 'Keep the size, or copy the data to a smaller claim under another name.',
      instead: formerly,
    },
  ];
}

/** Of the containers of a Pod that runs, only the images change. */
function ofContainers(before: ManifestObject, after: ManifestObject): readonly Fault[] {
  if (!after.is('/Pod')) return [];
  return ['containers', 'initContainers']
    .filter((list) => !isDeepStrictEqual(...pairOf(before, after, list)))
    .map((list) => ({
      at: after.field('spec', list),
      what: `changes its ${list}, of which only the images can change`,
      why,
      fix: 'Use a Deployment, which makes new pods, or add a second Pod under another name.',
    }));
}

/** The containers of a list without their images, before a change and after it. */
function pairOf(before: ManifestObject, after: ManifestObject, list: string): readonly [unknown, unknown] {
  const [old, next] = [before, after].map((object) =>
    object
      .field('spec', list)
      .each()
      .map((container) => container.entries().filter(([key]) => key !== 'image')),
  );
  return [old, next];
}
