import { says } from '../../../settings/sentences.ts';
import { at, type Fields, type Finding, readQuantity } from '../grammar.ts';
import { shareFindings } from './fields.ts';
import { templateSelectorFindings } from './metadata.ts';

const shares = ['maxSurge', 'maxUnavailable'];

function isNone(value: unknown): boolean {
  return value === 0 || (typeof value === 'string' && /^0+%$/.test(value));
}

/** A rolling update that could never replace a pod, and shares that are none. */
function* rollingFindings(path: string, update: unknown): Generator<Finding> {
  for (const finding of shareFindings(update, shares)) yield { ...finding, path: `${path}.${finding.path}` };
  if (isNone(at(update, 'maxSurge')) && isNone(at(update, 'maxUnavailable'))) {
    yield {
      path: `${path}.maxUnavailable`,
      says: 'may not be 0 when maxSurge is 0: no pod could ever be replaced. Set maxSurge to 1 or more',
    };
  }
}

export function* deploymentFindings(spec: Fields): Generator<Finding> {
  yield* templateSelectorFindings(spec);
  yield* alwaysRestarted(spec);
  yield* rollingFindings('strategy.rollingUpdate', at(spec, 'strategy', 'rollingUpdate'));
  if (at(spec, 'strategy', 'type') === 'Recreate' && at(spec, 'strategy', 'rollingUpdate') !== undefined) {
    yield { path: 'strategy.rollingUpdate', says: 'is set, but Recreate takes none. Remove it, or use RollingUpdate' };
  }
  const [deadline, ready] = [spec['progressDeadlineSeconds'] ?? 600, spec['minReadySeconds'] ?? 0];
  if (typeof deadline === 'number' && typeof ready === 'number' && deadline <= ready) {
    yield {
      path: 'progressDeadlineSeconds',
      says: `is ${deadline}, but a pod counts only after minReadySeconds, which is ${ready}. Set it above ${ready}`,
    };
  }
}

/** A DaemonSet, a StatefulSet or a ReplicaSet. */
export function* controllerFindings(spec: Fields): Generator<Finding> {
  yield* templateSelectorFindings(spec);
  yield* alwaysRestarted(spec);
  yield* shareUnder('updateStrategy.rollingUpdate', at(spec, 'updateStrategy', 'rollingUpdate'));
}

export function* daemonSetFindings(spec: Fields): Generator<Finding> {
  yield* controllerFindings(spec);
  const update = at(spec, 'updateStrategy', 'rollingUpdate');
  const [surge, unavailable] = [at(update, 'maxSurge') ?? 0, at(update, 'maxUnavailable') ?? 1];
  if (!isNone(surge) && !isNone(unavailable)) {
    yield {
      path: 'updateStrategy.rollingUpdate.maxSurge',
      says: 'is set, but a DaemonSet can have either that or maxUnavailable, which is 1 unless set. Set one of them to 0',
    };
  }
  if (isNone(unavailable) && isNone(surge)) {
    yield {
      path: 'updateStrategy.rollingUpdate.maxUnavailable',
      says: 'may not be 0 when maxSurge is 0. Set one of them to 1 or more',
    };
  }
}

function* shareUnder(path: string, part: unknown): Generator<Finding> {
  for (const finding of shareFindings(part, shares)) yield { ...finding, path: `${path}.${finding.path}` };
}

function* alwaysRestarted(spec: Fields): Generator<Finding> {
  if (at(spec, 'template', 'spec', 'activeDeadlineSeconds') !== undefined) {
    yield { path: 'template.spec.activeDeadlineSeconds', says: 'is set, but these pods run for good. Remove it' };
  }
  const policy = at(spec, 'template', 'spec', 'restartPolicy');
  if (policy === undefined || policy === 'Always') return;
  yield {
    path: 'template.spec.restartPolicy',
    says: `${says(policy)}, but these pods run for good. Expected Always, or nothing`,
  };
}

export function* jobFindings(spec: Fields): Generator<Finding> {
  const policy = at(spec, 'template', 'spec', 'restartPolicy');
  if (policy === 'OnFailure' || policy === 'Never') return;
  yield {
    path: 'template.spec.restartPolicy',
    says: `${says(policy)}, but a job comes to an end. Set it to OnFailure or Never`,
  };
}

export function* budgetFindings(spec: Fields): Generator<Finding> {
  yield* shareFindings(spec, ['minAvailable', 'maxUnavailable']);
  if (spec['minAvailable'] !== undefined && spec['maxUnavailable'] !== undefined) {
    yield { path: '', says: 'has both minAvailable and maxUnavailable. Keep one of them' };
  }
}

export function* autoscalerFindings(spec: Fields): Generator<Finding> {
  const { minReplicas = 1, maxReplicas } = spec;
  if (typeof minReplicas === 'number' && typeof maxReplicas === 'number' && maxReplicas < minReplicas) {
    yield {
      path: 'maxReplicas',
      says: `is ${maxReplicas}, fewer than minReplicas ${minReplicas}. Raise it to ${minReplicas} or more`,
    };
  }
  for (const field of ['kind', 'name']) {
    if (at(spec, 'scaleTargetRef', field) === '')
      yield { path: `scaleTargetRef.${field}`, says: 'is empty. Name what to scale' };
  }
}

/** A metric says what it is of in the field that its type names; its target says how much. */
export function* metricFindings(metric: Fields): Generator<Finding> {
  const type = String(metric['type']);
  const field = type.charAt(0).toLowerCase() + type.slice(1);
  if (metric[field] === undefined)
    yield { path: field, says: `is missing, but a metric of type ${type} needs it. Add it` };
}

export function* metricTargetFindings(target: Fields): Generator<Finding> {
  const field = { Utilization: 'averageUtilization', AverageValue: 'averageValue', Value: 'value' }[
    String(target['type'])
  ];
  if (field === undefined) return;
  const amount = readQuantity(target[field]);
  if (amount === null || amount.value <= 0) {
    yield {
      path: field,
      says: `${says(target[field])}. Set it to more than 0, as type ${String(target['type'])} needs`,
    };
  }
}

/** Only a resource that the pods ask for has a use of it in percent. */
export function* metricSourceFindings({ target }: Fields): Generator<Finding> {
  if (at(target, 'type') !== 'Utilization') return;
  yield { path: 'target.type', says: 'is Utilization, which only a metric of type Resource has. Use AverageValue' };
}

export function* scalingFindings({ policies }: Fields): Generator<Finding> {
  if (!Array.isArray(policies) || policies.length > 0) return;
  yield { path: 'policies', says: 'is empty. Add one, or remove it for the default ones' };
}

export function* permissionFindings(rule: Fields): Generator<Finding> {
  if (Array.isArray(rule['nonResourceURLs'])) return;
  for (const field of ['apiGroups', 'resources']) {
    const list = rule[field];
    if (!Array.isArray(list) || list.length === 0)
      yield { path: field, says: 'is empty, but a rule has to name what it is about. Fill it' };
  }
}

/** A field of a schedule: its least and greatest number, and what names stand for numbers. */
interface Unit {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly words: readonly string[];
}

// robfig/cron, which the controller reads a schedule with: parser.go and spec.go.
const units: readonly Unit[] = [
  { name: 'minute', least: 0, most: 59, words: [] },
  { name: 'hour', least: 0, most: 23, words: [] },
  { name: 'day of the month', least: 1, most: 31, words: [] },
  {
    name: 'month',
    least: 1,
    most: 12,
    words: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  { name: 'day of the week', least: 0, most: 6, words: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];
const named =
  /^@(?:yearly|annually|monthly|weekly|daily|midnight|hourly|every (?:\d+(?:\.\d+)?(?:h|m|s|ms|us|µs|ns))+)$/;

/** The five fields of a schedule, or one of its names. */
export function* cronFindings({ schedule }: Fields): Generator<Finding> {
  if (typeof schedule !== 'string' || named.test(schedule)) return;
  const fields = schedule.trim().split(/\s+/);
  if (/^(?:CRON_)?TZ=/.test(schedule)) {
    yield { path: 'schedule', says: `${says(schedule)}, but its time zone belongs in timeZone. Move it there` };
  } else if (fields.length !== units.length) {
    yield { path: 'schedule', says: `${says(schedule)}. Expected five fields such as '0 3 * * *'` };
  } else {
    for (const [index, unit] of units.entries()) {
      const field = fields[index] ?? '';
      if (field.split(',').every((part) => isRange(part, unit))) continue;
      yield {
        path: 'schedule',
        says: `${says(schedule)}, and its ${unit.name} is '${field}'. Expected numbers from ${unit.least} to ${unit.most}`,
      };
    }
  }
}

/** `*`, `5`, `1-5`, and a step after a slash. */
function isRange(text: string, unit: Unit): boolean {
  const { from, to, step } =
    /^(?<from>[^-/]+)(?:-(?<to>[^-/]+))?(?:\/(?<step>\d+))?$/.exec(text.toLowerCase())?.groups ?? {};
  if (from === undefined || step === '0') return false;
  if (from === '*' || from === '?') return to === undefined;
  const [begin, end] = [numberOf(from, unit), numberOf(to ?? from, unit)];
  return begin >= unit.least && end <= unit.most && begin <= end;
}

function numberOf(text: string, { least, words }: Unit): number {
  const index = words.indexOf(text);
  if (index !== -1) return least + index;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}
