import type { PlayedRollout, PlayRecord } from '../../record.ts';
import { minimumReady } from '../capacity.ts';
import { loadedSpans } from '../spans.ts';

/** Rollouts that did not come to their end. */
export function unfinishedRollouts({ rollouts }: PlayRecord): readonly string[] {
  return rollouts.flatMap((rollout) => unfinished(rollout) ?? []);
}

function unfinished({ name, to, completeAt, lastOldPodGoneAt, failure }: PlayedRollout): string | null {
  const said = failure === null ? '' : ` ${failure}`;
  if (completeAt === null) return `The ${name} of ${to} never completed.${said}`;
  if (lastOldPodGoneAt === null) {
    return `The ${name} of ${to} completed, but its last old pod was not seen to go, so nothing says that it lost nothing.${said}`;
  }
  return failure === null ? null : `The ${name} of ${to} failed.${said}`;
}

/** Rollouts during which less than the replicas asked for could take traffic. */
export function lackingCapacity(record: PlayRecord): readonly string[] {
  return loadedSpans(record).flatMap(({ rollout: { name, to, replicas }, from, to: until }) => {
    const lowest = minimumReady(record.observed, from, until);
    if (lowest === null) return `Nothing was seen of the pods during the ${name} of ${to}, so its capacity is unknown.`;
    return lowest < replicas ? `Capacity fell to ${lowest} of ${replicas} ready pods during the ${name} of ${to}.` : [];
  });
}
