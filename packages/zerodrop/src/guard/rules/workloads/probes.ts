import type { IContainer } from 'kubernetes-models/v1/Container';
import type { IProbe } from 'kubernetes-models/v1/Probe';
import { type Field, isRecord } from '../../model/object.ts';
import { entryName, type Workload } from '../../model/workload.ts';
import { type Fault, formerly, refused, type Rule } from '../../rule.ts';

export const probeWeakened: Rule = {
  id: 'probe-weakened',
  title: 'A probe admits pods too early or restarts them too easily',
  severity: refused,
  judges: 'change',
  faults: ({ before, after, changes }) =>
    changes.flatMap(({ before: old, after: object }): readonly Fault[] => {
      const workload = after.workload(object);
      if (workload === undefined || !workload.runsOn || !after.receivesRequests(workload)) return [];
      const former = before.workload(old);
      return [
        ...workload.containers.flatMap((container) => {
          const name = container.at('name').value;
          const was = former?.containers.find((candidate) => candidate.at('name').value === name);
          return [
            hollow(container, was),
            ...restarts(container, was),
            ...lost(container, was),
            ...elsewhere(container, was, workload),
          ].flatMap((fault) => fault ?? []);
        }),
        ...(former === undefined ? [] : [lessSettled(workload, former)].flatMap((fault) => fault ?? [])),
      ];
    }),
};

/** A readiness probe that is there and says nothing. */
function hollow(container: Field<IContainer>, was: Field<IContainer> | undefined): Fault | null {
  const probe = container.at('readinessProbe');
  if (!isHollow(probe) || (was !== undefined && isHollow(was.at('readinessProbe')))) return null;
  return {
    at: probe,
    what: `has a readiness probe that always succeeds, in its container ${entryName(container)}`,
    why: 'A pod then counts as ready when its process starts, and is sent requests before it listens.',
    fix: 'Let the probe ask the port that serves requests, as an httpGet, tcpSocket or grpc probe.',
  };
}

const isShell = /^(?:(?:\/usr)?\/bin\/)?(?:ba|da|a)?sh$/;
/** What a shell runs without asking anything; it has commands of its own, which are no programs. */
const alwaysTrue =
  /(?:^|(?:\|\||;)\s*)(?:(?:(?:\/usr)?\/bin\/)?true|:|exit 0)\s*;?$|^(?:(?:\/usr)?\/bin\/)?echo\b[^&|;]*;?$/;

function isHollow(probe: Field<IProbe | undefined>): boolean {
  const command = probe
    .at('exec', 'command')
    .items()
    .map((part) => part.text ?? '');
  const [program = '', option, script = ''] = command;
  if (isShell.test(program) && /^-\w*c$/.test(option ?? '')) return alwaysTrue.test(script.trim());
  return /^(?:(?:\/usr)?\/bin\/)?(?:true|echo)$/.test(program);
}

/** A probe that names a port which its container does not have fails for ever. */
function lost(container: Field<IContainer>, was: Field<IContainer> | undefined): readonly (Fault | null)[] {
  return (['readinessProbe', 'livenessProbe', 'startupProbe'] as const).map((name) => {
    const port = missingPort(container, name);
    if (port === null || (was !== undefined && missingPort(was, name)?.text === port.text)) return null;
    return {
      at: port,
      what: `asks port ${String(port.value)} with its ${name}, which its container ${entryName(container)} does not have`,
      why: 'The probe fails for ever: the new pod never gets ready, or is restarted again and again.',
      fix: 'Name a port of the container.',
      instead: formerly,
    };
  });
}

/** A probe that asks another host says nothing of its pod. On the network of its node a pod may ask 127.0.0.1. */
function elsewhere(
  container: Field<IContainer>,
  was: Field<IContainer> | undefined,
  { pod }: Workload,
): readonly (Fault | null)[] {
  return (['readinessProbe', 'livenessProbe'] as const).map((name) => {
    const [at, old] = [container, was].map((one) => one?.at(name)).map(hostOf);
    if (at?.text === undefined || at.text === old?.text || pod.at('hostNetwork').value === true) return null;
    const isReadiness = name === 'readinessProbe';
    return {
      at,
      what: `asks ${at.text} with its ${name}, and not its own pod, in its container ${entryName(container)}`,
      why: isReadiness
        ? 'A pod is sent requests before it listens, and all pods get none when that host does not answer.'
        : 'All pods are restarted at the same time when that host does not answer.',
      fix: 'Remove host, so that the probe asks the pod.',
      ...(isReadiness ? {} : { severity: 'warn' as const }),
    };
  });
}

function hostOf(probe: Field<IProbe | undefined> | undefined): Field<unknown> | undefined {
  return [probe?.at('httpGet', 'host'), probe?.at('tcpSocket', 'host')].find((host) => host?.isSet === true);
}

function missingPort(
  container: Field<IContainer>,
  name: 'readinessProbe' | 'livenessProbe' | 'startupProbe',
): Field<unknown> | null {
  const probe = container.at(name);
  const port = [probe.at('httpGet', 'port'), probe.at('tcpSocket', 'port')].find(({ text }) => text !== undefined);
  const isThere = container
    .at('ports')
    .items()
    .some((one) => one.at('name').text === port?.text);
  return port === undefined || isThere ? null : port;
}

/** A liveness probe restarts a container that is only slow, and one that asks for readiness restarts all of them at once. */
function restarts(container: Field<IContainer>, was: Field<IContainer> | undefined): readonly (Fault | null)[] {
  const [live, ready, start] = [
    container.at('livenessProbe'),
    container.at('readinessProbe'),
    container.at('startupProbe'),
  ];
  const name = entryName(container);
  const [patience, had] = [patienceSeconds(live), patienceSeconds(was?.at('livenessProbe'))];
  return [
    asksForReadiness(container) && !(was !== undefined && asksForReadiness(was)) && isReadinessPath(ready)
      ? {
          at: live,
          severity: 'warn',
          what: `asks the same with its liveness and its readiness probe, in its container ${name}`,
          why: 'A pod that is not ready because a dependency is down is restarted, and so are all others at the same time.',
          fix: 'Let liveness ask only whether the process answers.',
        }
      : null,
    patience !== null && patience < 10 && (had === null || patience < had)
      ? {
          at: live,
          severity: 'warn',
          what: `is restarted after ${patience} s without an answer, in its container ${name}`,
          why: 'A pause for garbage collection or a busy node is enough, and a restart drops every open request.',
          fix: 'Let failureThreshold times periodSeconds be 10 s or more.',
        }
      : null,
    sooner(container, was),
    impatient(start, was?.at('startupProbe'), name),
    blind(ready, was?.at('readinessProbe'), name),
    was?.at('startupProbe').isSet === true && !start.isSet && live.isSet
      ? {
          at: container,
          severity: 'warn',
          what: `loses the startup probe of its container ${name}`,
          why: 'The liveness probe then counts from the start, and restarts a container that is slow to start, for ever.',
          fix: 'Keep the startupProbe.',
        }
      : null,
  ];
}

/** A liveness probe that begins to count in less than half of the time, without a startup probe before it. */
function sooner(container: Field<IContainer>, was: Field<IContainer> | undefined): Fault | null {
  const at = container.at('livenessProbe');
  const [delay, had] = [at, was?.at('livenessProbe')].map((probe) => probe?.at('initialDelaySeconds').number ?? 0);
  if (!at.isSet || container.at('startupProbe').isSet || delay === undefined || had === undefined) return null;
  if (had < 10 || delay * 2 >= had) return null;
  return {
    at,
    severity: 'warn',
    what: `is asked whether it lives after ${delay} s instead of ${had} s, in its container ${entryName(container)}`,
    why: 'A container that takes longer to start is restarted before it answers, again and again.',
    fix: 'Keep initialDelaySeconds, or add a startupProbe.',
  };
}

/** A startup probe that gives up before a usual program is up. */
function impatient(
  start: Field<IProbe | undefined>,
  was: Field<IProbe | undefined> | undefined,
  name: string,
): Fault | null {
  const initial = start.at('initialDelaySeconds').number ?? 0;
  const [patience, had] = [patienceSeconds(start), patienceSeconds(was)];
  if (patience === null || patience < 1 || patience + initial >= 10 || (had !== null && patience >= had)) return null;
  return {
    at: start,
    severity: 'warn',
    what: `is restarted when it has not started after ${patience + initial} s, in its container ${name}`,
    why: 'A program that is slow to start, on a busy node for example, is restarted again and again and never gets ready.',
    fix: 'Let failureThreshold times periodSeconds of the startupProbe be 10 s or more.',
  };
}

/** A readiness probe that takes long to notice that a pod does not answer. */
function blind(
  ready: Field<IProbe | undefined>,
  was: Field<IProbe | undefined> | undefined,
  name: string,
): Fault | null {
  const [patience, had] = [patienceSeconds(ready), patienceSeconds(was)];
  if (patience === null || had === null || patience <= 60 || patience <= had) return null;
  return {
    at: ready,
    severity: 'warn',
    what: `is sent requests for ${patience} s after it has stopped answering (was ${had} s), in its container ${name}`,
    why: 'So long a pod that hangs goes on taking its share of the requests.',
    fix: 'Let failureThreshold times periodSeconds of the readinessProbe be 60 s or less.',
  };
}

function asksForReadiness(container: Field<IContainer>): boolean {
  const [live, ready] = [container.at('livenessProbe'), container.at('readinessProbe')].map((probe) => {
    const question = probe.at('httpGet').value ?? probe.at('exec', 'command').value;
    return question === undefined ? undefined : JSON.stringify(question);
  });
  return live !== undefined && live === ready;
}

/** Many services have one path for both, which tells nothing of dependencies. */
function isReadinessPath(probe: Field<IProbe | undefined>): boolean {
  const path = probe.at('httpGet', 'path').text;
  return path === undefined || /ready/i.test(path);
}

/** For how long a probe may fail before something is done about it, in seconds; null where there is none. */
function patienceSeconds(probe: Field<IProbe | undefined> | undefined): number | null {
  if (probe === undefined || !isRecord(probe.value)) return null;
  return (probe.at('failureThreshold').number ?? 3) * (probe.at('periodSeconds').number ?? 10);
}

function lessSettled(workload: Workload, former: Workload): Fault | null {
  const [now, was] = [workload, former].map(({ object }) => object.field('spec', 'minReadySeconds').number ?? 0);
  if (was === undefined || was === 0 || now !== 0) return null;
  return {
    at: workload.object.field('spec', 'minReadySeconds'),
    severity: 'warn',
    what: `no longer waits ${was} s before it counts a new pod as available`,
    why: 'Old pods end as soon as a probe has succeeded once, before a load balancer has seen the new ones.',
    fix: 'Keep minReadySeconds.',
    instead: formerly,
  };
}
