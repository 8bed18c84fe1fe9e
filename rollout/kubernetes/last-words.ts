import type { ClusterEvent } from './events.ts';
import { containersOf, hasFailed, type Pod } from './pods.ts';

const longestLine = 300;

/** What a pod, its events and its log say, as indented lines below a failure's sentence. Empty where they say nothing. */
export function lastWords(pod: Pod | null, events: readonly ClusterEvent[], log: readonly string[]): string {
  return [
    ...(pod === null ? [] : waits(pod)),
    ...events.map(eventLine),
    ...(log.length === 0
      ? []
      : [`Last lines of ${pod?.metadata.name ?? 'its log'}:`, ...log.map((line) => `  ${cut(line)}`)]),
  ].join('\n');
}

/** Why a pod is over. */
export function overWords({ metadata, status }: Pod): string {
  return [`Pod ${metadata.name}`, status?.reason ?? 'Failed', status?.message ?? '']
    .filter((part) => part !== '')
    .join(': ');
}

function waits(pod: Pod): string[] {
  const { metadata } = pod;
  return containersOf(pod)
    .filter(hasFailed)
    .map(({ name, state, restartCount }) => {
      const { reason = 'unknown', message = '' } = state?.waiting ?? {};
      const restarts =
        restartCount === 0 ? '' : ` after ${restartCount} ${restartCount === 1 ? 'restart' : 'restarts'}`;
      return `Pod ${metadata.name}, container ${name}: ${reason}${restarts}${message === '' ? '' : `: ${message}`}`;
    });
}

function eventLine({ type, reason, message, involvedObject, count, series }: ClusterEvent): string {
  const times = count ?? series?.count ?? 1;
  const often = times > 1 ? ` (${times} times)` : '';
  return `${type ?? 'Normal'} ${reason ?? ''}${often} on ${involvedObject.kind ?? 'object'} ${involvedObject.name ?? ''}: ${(message ?? '').trim()}`;
}

/** A stack trace in a line of JSON would fill the terminal. */
function cut(line: string): string {
  return line.length <= longestLine ? line : `${line.slice(0, longestLine)}...`;
}
