import type { Folder } from '../../model/folder.ts';
import { type Field, type ManifestObject, quantity } from '../../model/object.ts';
import { enforcedLevel, violations } from '../../model/pod-security.ts';
import { podCount, surgePods } from '../../model/scaling.ts';
import { entryName, type Workload } from '../../model/workload.ts';
import { type Fault, refused, type Rule } from '../../rule.ts';

const why =
  'The new pod of a rollout then waits for a place and never starts: the rollout stops, and counts as failed after its deadline.';

/** What the quotas and limits of a namespace refuse. */
export function refusedByNamespace(folder: Folder): readonly Fault[] {
  const ranges = folder.objects.filter(({ type }) => type === '/LimitRange');
  return [
    ...folder
      .all('/ResourceQuota')
      .map((quota) => quota.at('spec', 'hard'))
      .flatMap((hard) => [...overQuota(hard, folder), ...unsaid(hard, folder)]),
    ...folder.workloads.flatMap((workload) => beyondLimits(workload, ranges)),
  ];
}

/** What a quota of the namespace allows, against what its pods need while one workload rolls out. */
function overQuota(hard: Field<unknown>, folder: Folder): readonly Fault[] {
  const workloads = folder.workloads.filter(
    ({ object }) => object.namespace === hard.object.namespace && object.kind !== 'DaemonSet',
  );
  const [running, surging] = [
    (demand: Demand): number =>
      workloads.reduce((sum, workload) => sum + podCount(folder, workload).least * demand(workload), 0),
    (demand: Demand): number =>
      Math.max(0, ...workloads.map((workload) => surgePods(workload, folder) * demand(workload))),
  ];
  return Object.entries(demands).flatMap(([name, demand]): readonly Fault[] => {
    const at = hard.loose(name);
    const limit = quantity(at.value);
    if (limit === null) return [];
    const needed = running(demand) + surging(demand);
    // Sums of shares such as 0.1 are off by less than this.
    if (needed <= limit * (1 + 1e-9)) return [];
    return [
      {
        at,
        key: `${name} ${needed}`,
        what: `allows ${name} ${String(at.value)}, and a rollout needs ${amount(name, needed)}`,
        why: `The API server refuses every pod above the quota. ${why}`,
        fix: 'Raise the quota above what runs and the pods that a rollout adds.',
      },
    ];
  });
}

/** A quota of a resource takes only pods that say how much of it they need. A LimitRange may say it for them. */
function unsaid(hard: Field<unknown>, folder: Folder): readonly Fault[] {
  const { namespace } = hard.object;
  if (folder.objects.some((object) => object.type === '/LimitRange' && object.namespace === namespace)) return [];
  const parts = hard.entries().flatMap(([name]) => {
    const [, part = 'requests', resource] = /^(?:(requests|limits)\.)?(cpu|memory)$/.exec(name) ?? [];
    return resource === undefined
      ? []
      : [{ name, part: part === 'limits' ? ('limits' as const) : ('requests' as const), resource }];
  });
  return folder.workloads
    .filter(({ object }) => object.namespace === namespace)
    .flatMap((workload) =>
      parts.flatMap(({ name, part, resource }): readonly Fault[] => {
        const silent = workload.everyContainer.find((container) => {
          const said = container.at('resources').loose(part, resource);
          return !said.isSet && (part === 'limits' || !container.at('resources').loose('limits', resource).isSet);
        });
        if (silent === undefined) return [];
        return [
          {
            at: silent.at('resources'),
            key: `unsaid ${name}`,
            what: `says no ${part}.${resource} in its container ${entryName(silent)}, and ${hard.object.title} counts ${name}`,
            why: `The API server refuses each pod that does not say it. ${why}`,
            fix: `Set ${part}.${resource}, or give the namespace a LimitRange with a default.`,
          },
        ];
      }),
    );
}

/** What a LimitRange refuses: more than its most, or less than its least. */
function beyondLimits({ object, everyContainer }: Workload, ranges: readonly ManifestObject[]): readonly Fault[] {
  const limits = ranges
    .filter(({ namespace }) => namespace === object.namespace)
    .flatMap((range) => range.field('spec', 'limits').each())
    .filter((limit) => limit.loose('type').value === 'Container');
  return limits.flatMap((limit) =>
    everyContainer.flatMap((container) =>
      ['cpu', 'memory'].flatMap((name): readonly Fault[] => {
        const [most, least] = [quantity(limit.loose('max', name).value), quantity(limit.loose('min', name).value)];
        const said = [
          container.at('resources').loose('limits', name),
          container.at('resources').loose('requests', name),
        ];
        const above = said.find((field) => most !== null && (quantity(field.value) ?? 0) > most);
        const below = said.find((field) => least !== null && (quantity(field.value) ?? least) < least);
        const at = above ?? below;
        if (at === undefined) return [];
        const bound =
          above === undefined
            ? `at least ${String(limit.loose('min', name).value)}`
            : `at most ${String(limit.loose('max', name).value)}`;
        return [
          {
            at,
            key: `limits ${name} ${entryName(container)}`,
            what: `has ${name} ${String(at.value)} in its container ${entryName(container)}, and ${limit.object.title} wants ${bound}`,
            why: `The API server refuses each such pod. ${why}`,
            fix: 'Stay within the LimitRange, or change it first.',
          },
        ];
      }),
    ),
  );
}

type Demand = (workload: Workload) => number;

/** What a pod takes of each resource that a quota can count. */
export const demands: Readonly<Record<string, Demand>> = {
  pods: () => 1,
  'count/pods': () => 1,
  'requests.cpu': (workload) => resources(workload, 'requests', 'cpu'),
  'requests.memory': (workload) => resources(workload, 'requests', 'memory'),
  cpu: (workload) => resources(workload, 'requests', 'cpu'),
  memory: (workload) => resources(workload, 'requests', 'memory'),
  'limits.cpu': (workload) => resources(workload, 'limits', 'cpu'),
  'limits.memory': (workload) => resources(workload, 'limits', 'memory'),
};

function resources(workload: Workload, part: 'requests' | 'limits', name: string): number {
  return workload.containers.reduce((sum, container) => {
    const said =
      container.at('resources').loose(part, name).value ?? container.at('resources').loose('limits', name).value;
    return sum + (quantity(said) ?? 0);
  }, 0);
}

/** An amount of such a resource, as a quota writes it. */
export function amount(name: string, needed: number): string {
  if (name.endsWith('memory')) return `${Math.ceil(needed / 2 ** 20)}Mi`;
  // A quota counts thousandths of a cpu, rounded up.
  return name.endsWith('cpu') ? `${Math.ceil(Number((needed * 1_000).toFixed(3)))}m` : String(needed);
}

export const podSecurityRefused: Rule = {
  id: 'pod-security-refused',
  title: 'The namespace refuses the pods',
  severity: refused,
  judges: 'state',
  faults: ({ folder }) =>
    folder.runners.flatMap((workload) => {
      const { object } = workload;
      const namespace = object.namespace === null ? undefined : folder.find('/Namespace', null, object.namespace);
      if (namespace === undefined) return [];
      const level = enforcedLevel(namespace.field('metadata', 'labels').value);
      return violations(workload, level).map(({ at, says }) => ({
        at,
        key: `${level} ${says}`,
        what: `${says}, and ${namespace.title} enforces the Pod Security level ${level}`,
        why: 'The object is applied without an error, and the API server refuses each of its new pods: the rollout stops before its first pod, and an old pod that ends is not replaced.',
        fix: 'Change the pods first, and raise the level of the namespace later.',
      }));
    }),
};
