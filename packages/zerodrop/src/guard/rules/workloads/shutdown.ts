import type { IContainer } from 'kubernetes-models/v1/Container';
import type { Folder } from '../../model/folder.ts';
import type { Field } from '../../model/object.ts';
import { drainField, drainsByVariable, drainSeconds, shutdownSeconds } from '../../model/shutdown.ts';
import { entryName, type Workload } from '../../model/workload.ts';
import { type Fault, formerly, type Rule, refused } from '../../rule.ts';

/** Kubernetes' own. */
const usualGraceSeconds = 30;

export const graceTooShort: Rule = {
  id: 'grace-too-short',
  title: 'A pod is killed before it has finished its requests',
  severity: refused,
  judges: 'state',
  faults: ({ folder }) =>
    folder.workloads.flatMap((workload) => [
      ...killed(workload, folder),
      ...[tooShort(workload, folder)].flatMap((fault) => fault ?? []),
    ]),
};

/** Kubernetes 1.33 and later send the signal that a container asks for. */
function killed(workload: Workload, folder: Folder): readonly Fault[] {
  if (!folder.receivesRequests(workload)) return [];
  return workload.containers
    .map((container) => container.at('lifecycle').loose('stopSignal'))
    .filter(({ value }) => value === 'SIGKILL')
    .map((at) => ({
      at,
      what: 'is stopped with SIGKILL',
      why: 'The program ends with every request that is open.',
      fix: 'Let it be stopped with SIGTERM.',
      instead: 'SIGTERM',
    }));
}

function tooShort(workload: Workload, folder: Folder): Fault | null {
  const field = workload.pod.at('terminationGracePeriodSeconds');
  const grace = field.number ?? usualGraceSeconds;
  const needed = Math.max(0, ...workload.containers.map((container) => shutdownSeconds(container, folder)));
  if (grace === 0 && folder.receivesRequests(workload)) {
    return {
      at: field,
      what: 'gives its pods no time to end (terminationGracePeriodSeconds 0)',
      why: 'The kubelet kills them with every request that is open.',
      fix: `Set terminationGracePeriodSeconds to ${Math.max(needed, usualGraceSeconds)}.`,
      instead: Math.max(needed, usualGraceSeconds),
    };
  }
  if (grace >= needed) return null;
  return {
    at: field,
    what: `gives its pods ${grace} s to end, but the drain, the requests that are still open and some slack take ${needed} s`,
    why: sleepsLonger(workload, grace)
      ? 'The API server refuses a preStop sleep that is longer than the grace period, and nothing of the change is rolled out.'
      : 'When the grace period is over, the kubelet kills what still runs, in the middle of its last requests.',
    fix: `Set terminationGracePeriodSeconds to ${needed} or more.`,
    instead: needed,
  };
}

/** Kubernetes knows how long its own hook takes, and no other one's length (ValidatePodSpec). */
function sleepsLonger(workload: Workload, graceSeconds: number): boolean {
  return workload.containers.some(
    (container) => (container.at('lifecycle', 'preStop', 'sleep', 'seconds').number ?? 0) > graceSeconds,
  );
}

export const drainTooShort: Rule = {
  id: 'drain-too-short',
  title: 'A pod ends while it is still sent requests',
  severity: refused,
  judges: 'state',
  // What never drained is nothing that a change took away.
  faults: ({ folder }) =>
    folder.workloads
      .filter((workload) => folder.receivesRequests(workload))
      .flatMap((workload) =>
        workload.containers.flatMap((container) =>
          drainsByVariable(container) ? (tooEarly(container, workload, folder) ?? []) : [],
        ),
      ),
};

function tooEarly(container: Field<IContainer>, workload: Workload, folder: Folder): Fault | null {
  const drain = drainSeconds(container, folder);
  const lag = lagSeconds(workload, folder);
  if (drain === null || drain >= lag) return null;
  return {
    at: drainField(container),
    key: `${entryName(container)} ${drain}`,
    what: `drains for ${drain} s, in its container ${entryName(container)}`,
    why: `Requests go on arriving for up to ${lag} s after a pod was told to end, and find nobody.`,
    fix: `Let it drain for ${lag} s or more.`,
    instead: formerly,
  };
}

export const drainLost: Rule = {
  id: 'drain-lost',
  title: 'A pod no longer waits before it ends',
  severity: refused,
  judges: 'change',
  faults: ({ before, after, changes }) =>
    changes.flatMap(({ before: old, after: object }): readonly Fault[] => {
      const [workload, former] = [after.workload(object), before.workload(old)];
      if (!workload || !former || !after.receivesRequests(workload)) return [];
      const lag = lagSeconds(workload, after);
      return former.containers.flatMap((container): readonly Fault[] => {
        const name = container.at('name').value;
        const now =
          workload.containers.find((candidate) => candidate.at('name').value === name) ?? only(workload, former);
        const had = drainSeconds(container, before);
        if (now === undefined || had === null || had === 0) return [];
        const has = drainSeconds(now, after);
        if (has === null && now.at('lifecycle', 'preStop').isSet) return [unknownDrain(now, had)];
        // What is there and too short is another rule's.
        if (has === null || has >= Math.min(had, lag) || (has > 0 && drainsByVariable(now))) return [];
        return [
          {
            at: has > 0 ? drainField(now) : now,
            what: `${has === 0 ? 'no longer drains' : `drains for ${has} s only`} before it ends (was ${had} s), in its container ${entryName(now)}`,
            why: `Requests go on arriving for up to ${lag} s after a pod was told to end, and find nobody, in each rollout and with each node that is drained.`,
            fix: 'Keep the preStop hook, or the variable by which the program drains.',
            instead: formerly,
          },
        ];
      });
    }),
};

/** A command, or a request to the container, takes as long as it takes. */
function unknownDrain(container: Field<IContainer>, had: number): Fault {
  return {
    at: container.at('lifecycle', 'preStop'),
    severity: 'warn',
    what: `waits for its preStop hook before it ends, whose time nobody can tell (was ${had} s), in its container ${entryName(container)}`,
    why: 'Where the hook ends sooner, requests that still arrive find nobody, in each rollout and with each node that is drained.',
    fix: 'Let the hook sleep, or see that it takes as long as the one before.',
  };
}

/** Where the only container was renamed, it is the same one. */
function only(workload: Workload, former: Workload): Field<IContainer> | undefined {
  return workload.containers.length === 1 && former.containers.length === 1 ? workload.containers[0] : undefined;
}

/**
 * For how long a pod that is told to end is sent requests, in seconds. kube-proxy follows within 4 s at worst of 581 changes
 * measured; with externalTrafficPolicy Local a load balancer needs 6 s of failed health checks to give a node up.
 */
function lagSeconds(workload: Workload, folder: Folder): number {
  const isLocal = folder
    .servicesOf(workload)
    .some((service) => service.at('spec', 'externalTrafficPolicy').value === 'Local');
  return isLocal ? 10 : 5;
}
