import { nearest } from '../../../options.ts';
import type { Folder } from '../../model/folder.ts';
import type { Field, ManifestObject } from '../../model/object.ts';
import type { Workload } from '../../model/workload.ts';
import type { Keys } from '../../read/location.ts';
import type { Fault } from '../../rule.ts';

const why = 'The API server refuses the object, and nothing of it is applied.';

/** Words, names and combinations of fields that the API server refuses (kubernetes/pkg/apis, validation.go). */
export function wrongWords(folder: Folder): readonly Fault[] {
  return [...folder.objects.flatMap(ofObject), ...folder.runners.flatMap(ofPods)];
}

/** The words that a field can have, by kind. */
const words: Readonly<Record<string, readonly (readonly [Keys, readonly string[]])[]>> = {
  '/Service': [
    [
      ['spec', 'type'],
      ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'],
    ],
    [
      ['spec', 'externalTrafficPolicy'],
      ['Cluster', 'Local'],
    ],
    [
      ['spec', 'internalTrafficPolicy'],
      ['Cluster', 'Local'],
    ],
    [
      ['spec', 'sessionAffinity'],
      ['None', 'ClientIP'],
    ],
  ],
  'apps/DaemonSet': [
    [
      ['spec', 'updateStrategy', 'type'],
      ['RollingUpdate', 'OnDelete'],
    ],
  ],
  'apps/Deployment': [
    [
      ['spec', 'strategy', 'type'],
      ['RollingUpdate', 'Recreate'],
    ],
  ],
  'apps/StatefulSet': [
    [
      ['spec', 'updateStrategy', 'type'],
      ['RollingUpdate', 'OnDelete'],
    ],
    [
      ['spec', 'podManagementPolicy'],
      ['OrderedReady', 'Parallel'],
    ],
  ],
  'batch/CronJob': [
    [
      ['spec', 'concurrencyPolicy'],
      ['Allow', 'Forbid', 'Replace'],
    ],
  ],
  'batch/Job': [
    [
      ['spec', 'completionMode'],
      ['NonIndexed', 'Indexed'],
    ],
  ],
};
const protocols = ['TCP', 'UDP', 'SCTP'];

function ofObject(object: ManifestObject): readonly Fault[] {
  const known = Object.hasOwn(words, object.type) ? (words[object.type] ?? []) : [];
  const policies = object.is('networking.k8s.io/NetworkPolicy') ? object.field('spec', 'policyTypes').each() : [];
  const budget = object.as('policy/PodDisruptionBudget');
  const cron = object.as('batch/CronJob')?.at('spec', 'schedule');
  return [
    ...known.flatMap(([keys, allowed]) => oneOf(object.field(...keys), allowed)),
    ...policies.flatMap((type) => oneOf(type, ['Ingress', 'Egress'])),
    ...labels(object.field('metadata', 'labels')),
    ...ofName(object),
    ...ofKeys(object),
    ...(object.is('/Service') ? ofService(object) : []),
    ...(budget?.at('spec', 'minAvailable').isSet === true && budget.at('spec', 'maxUnavailable').isSet
      ? [fault(budget.at('spec', 'maxUnavailable'), 'has both minAvailable and maxUnavailable', 'Keep one of them.')]
      : []),
    ...ofAutoscaler(object),
    ...(cron?.text === undefined || /^(?:@[a-z].*|\S+(?:\s+\S+){4})$/.test(cron.text.trim())
      ? []
      : [fault(cron, `has the schedule ${JSON.stringify(cron.text)}`, 'Write five fields, such as "0 3 * * *".')]),
  ];
}

const subdomain = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
const domainLabel = /^(?=.{1,63}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** kubernetes/apimachinery/pkg/api/validation: names of roles alone may have other characters. */
function ofName(object: ManifestObject): readonly Fault[] {
  const { group, kind, name } = object;
  if (group === 'rbac.authorization.k8s.io' || name.endsWith('-')) return [];
  const isShort = group === '' && (kind === 'Service' || kind === 'Namespace');
  if ((isShort ? domainLabel : subdomain).test(name)) return [];
  const fix = `Use up to ${isShort ? '63 small letters, digits and -' : '253 small letters, digits, - and .'}, with a letter or digit at both ends.`;
  return [fault(object.field('metadata', 'name'), 'has a name that Kubernetes does not take', fix)];
}

function ofKeys(object: ManifestObject): readonly Fault[] {
  if (!object.is('/ConfigMap', '/Secret')) return [];
  return ['data', 'binaryData', 'stringData'].flatMap((part) =>
    object
      .field(part)
      .entries()
      .filter(([key]) => !/^[\w.-]{1,253}$/.test(key))
      .map(([key]) =>
        fault(object.field(part, key), `has the key ${JSON.stringify(key)}`, 'Use letters, digits, - _ and . in it.'),
      ),
  );
}

function ofService(object: ManifestObject): readonly Fault[] {
  const ports = object.field('spec', 'ports').each();
  const names = ports.map((port) => port.loose('name').text);
  return ports.flatMap((port, index) => {
    const name = names[index];
    const isDouble = name !== undefined && names.indexOf(name) < index;
    const what = isDouble ? `has two ports of the name ${name}` : 'has several ports, and one without a name';
    return [
      ...oneOf(port.loose('protocol'), protocols),
      ...(isDouble || (name === undefined && names.some((other) => other !== undefined))
        ? [fault(isDouble ? port.loose('name') : port, what, 'Give each port a name of its own.')]
        : []),
    ];
  });
}

function ofAutoscaler(object: ManifestObject): readonly Fault[] {
  const autoscaler = object.as('autoscaling/HorizontalPodAutoscaler');
  if (autoscaler === null) return [];
  const [least, most] = [autoscaler.at('spec', 'minReplicas'), autoscaler.at('spec', 'maxReplicas')];
  if (!most.isSet) return [fault(autoscaler.at('spec'), 'has no maxReplicas', 'Set maxReplicas.')];
  if (least.number === undefined || most.number === undefined || least.number <= most.number) return [];
  const what = `has minReplicas ${least.number} and maxReplicas ${most.number}`;
  return [fault(least, what, 'Set minReplicas to maxReplicas or less.')];
}

function ofPods(workload: Workload): readonly Fault[] {
  const { object, pod, template, everyContainer } = workload;
  const ends = object.is('batch/Job', 'batch/CronJob');
  const restart = pod.at('restartPolicy');
  const claims = object.as('apps/StatefulSet')?.at('spec', 'volumeClaimTemplates').items() ?? [];
  const volumes = pod.at('volumes').items();
  const there = new Set([
    ...volumes.map((volume) => volume.at('name').text),
    ...claims.map((claim) => claim.at('metadata', 'name').text),
  ]);
  const policy = ends
    ? oneOf(restart, ['OnFailure', 'Never'], 'of a Job')
    : workload.runsOn
      ? oneOf(restart, ['Always'], `of a ${object.kind}`)
      : [];
  return [
    ...policy,
    ...labels(template.at('metadata', 'labels')),
    ...volumes.flatMap((volume) => {
      const sources = volume.entries().filter(([key, value]) => key !== 'name' && value !== null);
      const shown = sources.map(([key]) => key).join(' and ');
      return sources.length > 1 ? [fault(volume, `has a volume of several kinds (${shown})`, 'Keep one of them.')] : [];
    }),
    ...everyContainer.flatMap((container) => [
      ...oneOf(container.at('imagePullPolicy'), ['Always', 'IfNotPresent', 'Never']),
      ...container
        .at('ports')
        .items()
        .flatMap((port) => oneOf(port.at('protocol'), protocols)),
      ...containerName(container.at('name')),
      ...container
        .at('volumeMounts')
        .items()
        .map((mount) => mount.at('name'))
        .filter(({ text }) => text !== undefined && volumes.length > 0 && !there.has(text))
        .map((at) => fault(at, `mounts ${at.text ?? ''}, which is none of its volumes`, 'Name a volume of the pod.')),
      ...probes(container),
    ]),
  ];
}

function probes(container: Workload['containers'][number]): readonly Fault[] {
  return (['readinessProbe', 'livenessProbe', 'startupProbe'] as const).flatMap((kind) => {
    const probe = container.at(kind);
    const handlers = ['exec', 'grpc', 'httpGet', 'tcpSocket'].filter((handler) => probe.loose(handler).isSet);
    const threshold = probe.at('successThreshold');
    const count = threshold.number ?? 1;
    return [
      ...(handlers.length > 1
        ? [fault(probe, `asks in several ways with its ${kind} (${handlers.join(' and ')})`, 'Keep one of them.')]
        : []),
      ...(count < 1 || (kind !== 'readinessProbe' && count > 1)
        ? [{ ...fault(threshold, `has successThreshold ${count} in its ${kind}`, 'Set it to 1.'), instead: 1 }]
        : []),
    ];
  });
}

/** kubernetes/apimachinery/pkg/util/validation: a label's value, and the name behind the prefix of its key. */
const labelText = /^(?:[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?)$/;

function labels(map: Field<unknown>): readonly Fault[] {
  return map.entries().flatMap(([key, value]) => {
    const isKey = labelText.test(key.slice(key.indexOf('/') + 1));
    if (isKey && (typeof value !== 'string' || value === '' || labelText.test(value))) return [];
    const what = isKey
      ? `has the label ${key} with the value ${JSON.stringify(value)}`
      : `has a label ${JSON.stringify(key)}`;
    return [
      fault(map.loose(key), what, 'Use up to 63 letters, digits, - _ and ., with a letter or digit at both ends.'),
    ];
  });
}

function containerName(at: Field<unknown>): readonly Fault[] {
  if (at.text === undefined || /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(at.text)) return [];
  return [fault(at, `has a container named ${JSON.stringify(at.text)}`, 'Use up to 63 small letters, digits and -.')];
}

function oneOf(at: Field<unknown>, allowed: readonly string[], of = ''): readonly Fault[] {
  const { value } = at;
  if (value === undefined || (typeof value === 'string' && allowed.includes(value))) return [];
  const key = at.keys.findLast((one) => typeof one === 'string') ?? '';
  const what = `has ${key} ${JSON.stringify(value)}`;
  const meant = allowed.length === 1 ? allowed[0] : (nearest(String(value), allowed) ?? undefined);
  const found = fault(at, what, `Use ${allowed.join(', ')}${of === '' ? '' : `, the only ones ${of}`}.`);
  return [meant === undefined ? found : { ...found, instead: meant }];
}

function fault(at: Field<unknown>, what: string, fix: string): Fault {
  return { at, what, why, fix };
}
