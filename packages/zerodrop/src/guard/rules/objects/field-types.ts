import { nearest } from '../../../options.ts';
import type { Folder } from '../../model/folder.ts';
import { groupOf, kindsOf } from '../../model/kinds.ts';
import type { Field, ManifestObject } from '../../model/object.ts';
import type { Workload } from '../../model/workload.ts';
import type { Keys } from '../../read/location.ts';
import { type Fault, quoted } from '../../rule.ts';

const why = 'The API server refuses the object, and nothing of it is applied.';

/** Values of another type than the API has: a word in place of a number, a number in place of a text, a kind that is not there. */
export function wrongTypes(folder: Folder): readonly Fault[] {
  return [...folder.objects.flatMap(ofObject), ...folder.runners.flatMap(ofPods)];
}

/** Whole numbers and maps of texts, by kind. A path without `spec` stands at the root. */
const numbers: Readonly<Record<string, readonly string[]>> = {
  'apps/DaemonSet': ['minReadySeconds', 'revisionHistoryLimit'],
  'apps/Deployment': ['replicas', 'minReadySeconds', 'progressDeadlineSeconds', 'revisionHistoryLimit'],
  'apps/ReplicaSet': ['replicas', 'minReadySeconds'],
  'apps/StatefulSet': ['replicas', 'minReadySeconds', 'revisionHistoryLimit'],
  'argoproj.io/Rollout': ['replicas', 'minReadySeconds', 'progressDeadlineSeconds', 'revisionHistoryLimit'],
  'autoscaling/HorizontalPodAutoscaler': ['minReplicas', 'maxReplicas'],
  'batch/CronJob': ['startingDeadlineSeconds', 'successfulJobsHistoryLimit', 'failedJobsHistoryLimit'],
  'batch/Job': ['parallelism', 'completions', 'backoffLimit', 'activeDeadlineSeconds', 'ttlSecondsAfterFinished'],
};
const texts: Readonly<Record<string, readonly Keys[]>> = {
  '/ConfigMap': [['data'], ['binaryData']],
  '/Secret': [['data'], ['stringData']],
  '/Service': [['spec', 'selector']],
  'apps/DaemonSet': [['spec', 'selector', 'matchLabels']],
  'apps/Deployment': [['spec', 'selector', 'matchLabels']],
  'apps/StatefulSet': [['spec', 'selector', 'matchLabels']],
  'networking.k8s.io/NetworkPolicy': [['spec', 'podSelector', 'matchLabels']],
  'policy/PodDisruptionBudget': [['spec', 'selector', 'matchLabels']],
};

function ofObject(object: ManifestObject): readonly Fault[] {
  const kind = object.type;
  const own = Object.hasOwn(texts, kind) ? (texts[kind] ?? []) : [];
  const counts = Object.hasOwn(numbers, kind) ? (numbers[kind] ?? []) : [];
  const maps: readonly Keys[] = [['metadata', 'labels'], ['metadata', 'annotations'], ...own];
  return [
    ...ofKind(object),
    ...ofVersion(object),
    ...counts.flatMap((name) => number(object.field('spec', name))),
    ...maps.flatMap((keys) => textsOf(object.field(...keys))),
    ...object
      .field('spec', 'ports')
      .each()
      .flatMap((port) =>
        kind === '/Service' ? [...number(port.loose('port')), ...number(port.loose('nodePort'))] : [],
      ),
    ...(kind === '/Secret' ? object.field('data').entries() : []).flatMap(([key, value]) =>
      base64(object.field('data', key), value),
    ),
  ];
}

/** The release of Kubernetes that no longer has a version of an API (kubernetes.io/docs/reference/using-api/deprecation-guide). */
const removedIn: Readonly<Record<string, string>> = {
  'admissionregistration.k8s.io/v1beta1': '1.22',
  'apiextensions.k8s.io/v1beta1': '1.22',
  'apiregistration.k8s.io/v1beta1': '1.22',
  'apps/v1beta1': '1.16',
  'apps/v1beta2': '1.16',
  'autoscaling/v2beta1': '1.25',
  'autoscaling/v2beta2': '1.26',
  'batch/v1beta1': '1.25',
  'batch/v2alpha1': '1.21',
  'certificates.k8s.io/v1beta1': '1.22',
  'coordination.k8s.io/v1beta1': '1.22',
  'discovery.k8s.io/v1beta1': '1.25',
  'events.k8s.io/v1beta1': '1.25',
  'extensions/v1beta1': '1.22',
  'flowcontrol.apiserver.k8s.io/v1beta1': '1.26',
  'flowcontrol.apiserver.k8s.io/v1beta2': '1.29',
  'flowcontrol.apiserver.k8s.io/v1beta3': '1.32',
  'node.k8s.io/v1beta1': '1.25',
  'policy/v1beta1': '1.25',
  'rbac.authorization.k8s.io/v1alpha1': '1.22',
  'rbac.authorization.k8s.io/v1beta1': '1.22',
  'scheduling.k8s.io/v1alpha1': '1.22',
  'scheduling.k8s.io/v1beta1': '1.22',
};

function ofVersion(object: ManifestObject): readonly Fault[] {
  const release = Object.hasOwn(removedIn, object.apiVersion) ? removedIn[object.apiVersion] : undefined;
  const isAdmission = object.kind.startsWith('ValidatingAdmission') || object.kind.startsWith('MutatingAdmission');
  if (release === undefined || isAdmission) return [];
  const what = `is of ${object.apiVersion}, which Kubernetes ${release} and later do not have`;
  return [{ at: object.field('apiVersion'), what, why, fix: 'Use the version that took its place.' }];
}

/** A kind that its group does not have, where it is a misspelt one or one of another group. */
function ofKind(object: ManifestObject): readonly Fault[] {
  const known = kindsOf(object.group);
  if (known === null || known.includes(object.kind)) return [];
  const meant = nearest(object.kind, known);
  const home = meant === null ? groupOf(object.kind) : object.group;
  if (home === null) return [];
  const what = `is of a kind that ${object.apiVersion} does not have`;
  if (meant !== null) {
    return [{ at: object.field('kind'), what, why, fix: `Did you mean ${meant}?`, instead: meant }];
  }
  const fix = `${object.kind} belongs to ${home === '' ? 'the core group, v1' : `the group ${home}`}.`;
  return [{ at: object.field('apiVersion'), what, why, fix }];
}

function ofPods({ template, pod, everyContainer }: Workload): readonly Fault[] {
  const containers = everyContainer.flatMap((container) => {
    const probes = [container.at('readinessProbe'), container.at('livenessProbe'), container.at('startupProbe')];
    return [
      ...container
        .at('ports')
        .items()
        .flatMap((port) => [...number(port.at('containerPort')), ...number(port.at('hostPort'))]),
      ...probes.flatMap((probe) => [
        ...number(probe.at('failureThreshold')),
        ...number(probe.at('initialDelaySeconds')),
        ...number(probe.at('periodSeconds')),
        ...number(probe.at('successThreshold')),
        ...number(probe.at('timeoutSeconds')),
      ]),
      ...number(container.at('lifecycle', 'preStop', 'sleep', 'seconds')),
      ...[container.at('command'), container.at('args')].flatMap((list) => list.items().flatMap((item) => text(item))),
    ];
  });
  return [
    ...number(pod.at('terminationGracePeriodSeconds')),
    ...[template.at('metadata', 'labels'), template.at('metadata', 'annotations'), pod.at('nodeSelector')].flatMap(
      (map) => textsOf(map),
    ),
    ...containers,
  ];
}

function number(field: Field<unknown>): readonly Fault[] {
  const { value } = field;
  if (value === undefined || (typeof value === 'number' && Number.isInteger(value))) return [];
  const name = String(field.keys.at(-1));
  const isDigits = typeof value === 'string' && /^-?\d{1,9}$/.test(value);
  return [
    {
      at: field,
      what: `has ${name} ${JSON.stringify(value)}, which is no whole number`,
      why,
      fix: 'Write a whole number without quotes.',
      ...(isDigits ? { instead: Number(value) } : {}),
    },
  ];
}

function textsOf(map: Field<unknown>): readonly Fault[] {
  return map.entries().flatMap(([key]) => text(map.loose(key)));
}

function text(field: Field<unknown>): readonly Fault[] {
  const { value } = field;
  if (value === undefined || typeof value === 'string') return [];
  const [key, list] = [field.keys.at(-1), field.keys.at(-2)];
  const name = typeof key === 'number' ? `an entry of ${String(list)}` : `${String(list)}.${String(key)}`;
  return [
    {
      at: field,
      what: `has ${name} with a value that is no text (${JSON.stringify(value)})`,
      why,
      fix: 'Put the value into quotes.',
      instead: quoted,
    },
  ];
}

/** Padded or not, in lines or in one; what is not made of its characters can't be decoded. */
function base64(at: Field<unknown>, value: unknown): readonly Fault[] {
  if (typeof value !== 'string') return [];
  const characters = value.replaceAll(/[\r\n]/g, '');
  if (/^[A-Za-z0-9+/]*={0,2}$/.test(characters) && characters.length % 4 === 0) return [];
  const fix = 'Encode it in base64, or write it into stringData.';
  return [{ at, what: `has data.${String(at.keys.at(-1))}, which is not base64`, why, fix }];
}
