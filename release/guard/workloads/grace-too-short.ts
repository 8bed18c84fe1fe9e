import { shortestGraceSeconds } from '../../../apps/lossless/drain.ts';
import { field, listField, numberField } from '../field.ts';
import { isWorkload } from '../kinds.ts';
import { containersOf } from '../pods.ts';
import type { ObjectRule } from '../rule.ts';

// What the service does where its manifest says nothing; a container without DRAIN_MS is no such service, and drains nothing.
const usualShutdownLimitMs = 10_000;
// Kubernetes' own.
const usualGraceSeconds = 30;

const at = ['spec', 'template', 'spec', 'terminationGracePeriodSeconds'];

/** When the grace period is over, the kubelet kills what still runs, in the middle of its last requests. */
export const graceTooShort: ObjectRule = ({ after }) => {
  if (!isWorkload(after)) return null;
  const grace = numberField(after.document, usualGraceSeconds, ...at);
  const needed = Math.max(0, ...containersOf(after).map(({ container }) => shutdownSeconds(container)));
  if (grace >= needed) return null;
  const says = `gives its pods ${grace} s to end, but the drain, the requests that are still open and some slack take ${needed} s. What is left then is cut off: set terminationGracePeriodSeconds to ${needed} or more`;
  return { says, at };
};

/** How long a container takes from the request to end until it is gone, in seconds. The grace period runs in its preStop hook, too. */
function shutdownSeconds(container: unknown): number {
  const preStop = numberField(container, 0, 'lifecycle', 'preStop', 'sleep', 'seconds');
  const drainMs = variable(container, 'DRAIN_MS');
  if (drainMs === null) return preStop;
  const openMs = variable(container, 'SHUTDOWN_LIMIT_MS') ?? usualShutdownLimitMs;
  return Math.ceil(preStop + shortestGraceSeconds(drainMs / 1_000, openMs / 1_000));
}

/** A number among a container's environment variables; null where it is not there, or comes from elsewhere. */
function variable(container: unknown, name: string): number | null {
  const entry = listField(container, 'env').find((candidate) => field(candidate, 'name') === name);
  const value = field(entry, 'value');
  return typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : null;
}
