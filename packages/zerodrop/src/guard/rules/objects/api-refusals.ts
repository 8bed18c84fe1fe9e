import { type Field, isRecord, type ManifestObject, quantity } from '../../model/object.ts';
import { type Labels, selects, shown, type Workload } from '../../model/workload.ts';
import { type Fault, quoted, refused, type Rule } from '../../rule.ts';
import { wrongTypes } from './field-types.ts';
import { wrongWords } from './field-words.ts';

export const duplicateEntry: Rule = {
  id: 'duplicate-entry',
  title: 'A list has two entries of one name',
  severity: refused,
  judges: 'state',
  faults: ({ folder }) => [
    ...folder.runners.flatMap((workload) => listsOf(workload).flatMap(duplicates)),
    ...folder
      .all('/Service')
      .flatMap((service) =>
        duplicates({ list: service.at('spec', 'ports'), name: 'ports', keys: ['port', 'protocol'] }),
      ),
  ],
};

/** A list whose entries the API server tells apart by these keys. */
interface KeyedList {
  readonly list: Field<unknown>;
  readonly name: string;
  readonly keys: readonly string[];
}

function listsOf({ pod, everyContainer }: Workload): readonly KeyedList[] {
  return [
    { list: pod.at('containers'), name: 'containers', keys: ['name'] },
    { list: pod.at('initContainers'), name: 'initContainers', keys: ['name'] },
    { list: pod.at('volumes'), name: 'volumes', keys: ['name'] },
    { list: pod.at('imagePullSecrets'), name: 'imagePullSecrets', keys: ['name'] },
    ...everyContainer.flatMap((container) => [
      { list: container.at('env'), name: 'env', keys: ['name'] },
      { list: container.at('ports'), name: 'ports', keys: ['containerPort', 'protocol'] },
      { list: container.at('volumeMounts'), name: 'volumeMounts', keys: ['mountPath'] },
    ]),
  ];
}

function duplicates({ list, name, keys }: KeyedList): readonly Fault[] {
  const seen = new Set<string>();
  return list.each().flatMap((entry) => {
    const values = keys.map((key) => entry.loose(key).value ?? (key === 'protocol' ? 'TCP' : undefined));
    const identity = JSON.stringify(values);
    const isDouble = values[0] !== undefined && seen.has(identity);
    seen.add(identity);
    if (!isDouble) return [];
    return [
      {
        at: entry,
        key: `${name} ${identity}`,
        what: `has two entries ${values.map(String).join('/')} in ${name}`,
        why: 'Server-side apply refuses the object with "duplicate entries for key", and nothing of it is applied; otherwise the last one counts.',
        fix: 'Keep one of them.',
      },
    ];
  });
}

export const invalidValue: Rule = {
  id: 'invalid-value',
  title: 'The API server refuses a value',
  severity: refused,
  judges: 'state',
  faults: ({ folder }) => [
    ...wrongTypes(folder),
    ...wrongWords(folder),
    ...folder.runners.flatMap((workload) => [...ofPod(workload), ...ofContainers(workload)]),
  ],
};

const why = 'The API server refuses the object, or no pod of it can start.';

function below(field: Field<unknown>, least: number): readonly Fault[] {
  const { number } = field;
  if (number === undefined || number >= least) return [];
  const name = String(field.keys.at(-1));
  return [{ at: field, what: `has ${name} ${number}`, why, fix: `Set ${name} to ${least} or more.` }];
}

function ofPod({ pod, object, labels }: Workload): readonly Fault[] {
  return [
    ...below(pod.at('terminationGracePeriodSeconds'), 0),
    ...below(object.field('spec', 'replicas'), 0),
    ...below(object.field('spec', 'minReadySeconds'), 0),
    ...deadline(object),
    ...endless(pod, object),
    ...nameless(pod),
    ...unselected(object, labels),
  ];
}

/** Kubernetes wants the deadline of a rollout to be longer than the time for which a new pod has to be ready. */
function deadline(object: ManifestObject): readonly Fault[] {
  if (!object.is('apps/Deployment')) return [];
  const [at, ready] = [object.field('spec', 'progressDeadlineSeconds'), object.field('spec', 'minReadySeconds')];
  const [limit, least] = [at.number ?? 600, ready.number ?? 0];
  if (limit > least) return [];
  const what = `has progressDeadlineSeconds ${limit}, and minReadySeconds ${least}`;
  return [{ at: at.isSet ? at : ready, what, why, fix: 'Set progressDeadlineSeconds above minReadySeconds.' }];
}

/** Pods that are replaced for ever may not have an end of their own (ValidatePodTemplateSpecForReplicaSet, ...ForDaemonSet). */
function endless(pod: Workload['pod'], object: ManifestObject): readonly Fault[] {
  const at = pod.at('activeDeadlineSeconds');
  if (!at.isSet || !object.is('apps/Deployment', 'apps/ReplicaSet', 'apps/DaemonSet', 'apps/StatefulSet')) return [];
  const what = `has activeDeadlineSeconds ${String(at.value)} for its pods`;
  return [{ at, what, why, fix: 'Remove it: only Jobs and Pods have such a deadline.' }];
}

/** A controller has to know its own pods. */
function unselected(object: ManifestObject, labels: Labels): readonly Fault[] {
  if (!object.is('apps/Deployment', 'apps/ReplicaSet', 'apps/DaemonSet', 'apps/StatefulSet', 'argoproj.io/Rollout'))
    return [];
  const at = object.field('spec', 'selector');
  const wanted = at.loose('matchLabels').entries();
  // Of a value that is no text another check says more.
  const isOfTexts = wanted.every(([, value]) => typeof value === 'string');
  if (!isRecord(at.value) || !isOfTexts || selects(at.value, labels)) return [];
  const what = `selects ${shown(at.value)}, and the labels of its own pods are ${shown(labels)}`;
  return [{ at, key: 'own pods', what, why, fix: 'Give the pod template each label of the selector.' }];
}

function nameless(pod: Workload['pod']): readonly Fault[] {
  const at = pod.at('dnsPolicy');
  if (at.value !== 'None' || pod.at('dnsConfig', 'nameservers').items().length > 0) return [];
  const what = 'has the dnsPolicy None without a nameserver';
  return [{ at, what, why, fix: 'Name one in dnsConfig.nameservers, or remove dnsPolicy.' }];
}

function ofContainers({ everyContainer }: Workload): readonly Fault[] {
  return everyContainer.flatMap((container) => [
    ...(['readinessProbe', 'livenessProbe', 'startupProbe'] as const).flatMap((name) => {
      const probe = container.at(name);
      return [
        ...below(probe.at('failureThreshold'), 1),
        ...below(probe.at('periodSeconds'), 1),
        ...below(probe.at('timeoutSeconds'), 1),
        ...below(probe.at('initialDelaySeconds'), 0),
      ];
    }),
    ...container
      .at('ports')
      .items()
      .flatMap((port) => outside(port.at('containerPort'))),
    ...container
      .at('env')
      .items()
      .flatMap((variable) => ofVariable(variable.at('name'), variable.at('value'), variable.at('valueFrom'))),
    ...ofResources(container.at('resources')),
  ]);
}

function outside(port: Field<unknown>): readonly Fault[] {
  const { number } = port;
  if (number === undefined || (Number.isInteger(number) && number >= 1 && number <= 65_535)) return [];
  return [{ at: port, what: `has the port ${number}`, why, fix: 'Use a port from 1 to 65535.' }];
}

function ofVariable(name: Field<unknown>, value: Field<unknown>, from: Field<unknown>): readonly Fault[] {
  const faults: Fault[] = [];
  if (name.text !== undefined && !/^[ -<>-~]+$/.test(name.text)) {
    faults.push({
      at: name,
      what: `has a variable named ${JSON.stringify(name.text)}`,
      why,
      fix: 'Use printable characters without =.',
    });
  }
  if (value.isSet && typeof value.value !== 'string') {
    const what = `has the variable ${String(name.value ?? 'without a name')} with a value that is no text (${JSON.stringify(value.value)})`;
    faults.push({
      at: value,
      what,
      why,
      fix: 'Put the value into quotes.',
      instead: quoted,
    });
  }
  if (value.isSet && value.value !== '' && from.isSet) {
    const what = `has the variable ${String(name.value ?? 'without a name')} with both value and valueFrom`;
    faults.push({ at: from, what, why, fix: 'Keep one of them.' });
  }
  return faults;
}

/** The least memory that any container can be started with: the runtime itself takes 6 MiB. */
const leastMemoryBytes = 6 * 2 ** 20;

function ofResources(resources: Field<unknown>): readonly Fault[] {
  return ['cpu', 'memory'].flatMap((name) => {
    const [request, limit] = [resources.loose('requests', name), resources.loose('limits', name)];
    const faults: Fault[] = [request, limit].flatMap((field): readonly Fault[] => {
      if (!field.isSet) return [];
      const amount = quantity(field.value);
      const said = `${String(field.keys.at(-2))}.${name} ${String(field.value)}`;
      if (amount === null || amount < 0)
        return [{ at: field, what: `has ${said}, which is no quantity`, why, fix: 'Write it like 500m or 64Mi.' }];
      if (name !== 'memory' || amount >= leastMemoryBytes || amount === 0) return [];
      const unit = 'm is a thousandth: 256m of memory is a quarter of a byte. Write it like 64Mi.';
      const what = `has ${said}, which is ${amount} bytes`;
      if (field === limit) return [{ at: field, what, why, fix: unit }];
      const unkept = 'The pods start; but no memory is kept for them, and they are the first to be evicted.';
      return [{ at: field, severity: 'warn', what, why: unkept, fix: unit }];
    });
    const [least, most] = [quantity(request.value), quantity(limit.value)];
    if (least !== null && most !== null && least > most) {
      const what = `requests more ${name} (${String(request.value)}) than its limit (${String(limit.value)})`;
      faults.push({ at: request, what, why, fix: 'Raise the limit, or lower the request.' });
    }
    return faults;
  });
}
