import { isDeepStrictEqual } from 'node:util';
import { type FolderComparison, hashedSuccessor } from '../../model/comparison.ts';
import type { ManifestObject } from '../../model/object.ts';
import { helmWeightAnnotation, hookAnnotation, hookTypes, isHook, waveAnnotation, waveOf } from '../../model/sync.ts';
import { type Fault, isOfArgo, losslessOnly, ofChanges, refused, type Rule, warned } from '../../rule.ts';

/** The phases of a sync that wait for their hooks. The others run when a sync has failed. */
const waiting = new Set(['PreSync', 'Sync', 'PostSync']);
const why =
  'A sync then waits for health, and a bad version holds up its own revert: more than 70 s were measured on Argo CD 3.6.1.';

export const syncWaits: Rule = {
  id: 'sync-waits',
  title: 'A sync waits for health',
  severity: losslessOnly,
  judges: 'state',
  faults: ({ folder }) => {
    const waves = new Map(folder.objects.map((object) => [object, waveOf(object)]));
    const other = (object: ManifestObject): ManifestObject | undefined =>
      folder.objects.find((one) => waves.get(one) !== waves.get(object));
    return folder.objects.flatMap((object): readonly Fault[] => {
      const type = hookTypes(object).find((name) => waiting.has(name));
      if (type !== undefined && isHook(object)) {
        return [
          {
            at: annotated(object, hookAnnotation(object)),
            what: `is a ${type} hook`,
            why,
            fix: 'Make it a release of its own, or an ordinary object.',
          },
        ];
      }
      const wave = waves.get(object) ?? 0;
      // Of two waves one is the usual one, 0, and the other is to blame.
      const neighbour = wave === 0 ? undefined : other(object);
      if (neighbour === undefined) return [];
      const annotation = object.annotation(waveAnnotation) === undefined ? helmWeightAnnotation : waveAnnotation;
      return [
        {
          at: annotated(object, annotation),
          key: `wave ${wave}`,
          what: `is in sync wave ${wave}, and ${neighbour.title} in ${waves.get(neighbour) ?? 0}`,
          why,
          fix: 'Keep all objects in one wave.',
        },
      ];
    });
  },
};

function annotated(object: ManifestObject, name: string): ReturnType<ManifestObject['field']> {
  return object.field('metadata', 'annotations', name);
}

export const hookAdded: Rule = {
  id: 'hook-added',
  title: 'An object that runs becomes a hook',
  severity: refused,
  judges: 'change',
  faults: ofChanges(({ before, after }): Fault | null => {
    if (after === null) return null;
    if (isSkipped(after)) return before === null || isSkipped(before) ? null : leftOut(after);
    if (!isHook(after) || (before !== null && isHook(before))) return null;
    const runs = after.is(
      'apps/Deployment',
      'apps/StatefulSet',
      'apps/DaemonSet',
      'argoproj.io/Rollout',
      '/Service',
      'networking.k8s.io/Ingress',
    );
    if (before === null && !runs) return null;
    const name = hookAnnotation(after);
    return {
      at: annotated(after, name),
      what: `is a hook (${name}: ${after.annotation(name) ?? ''})`,
      why: 'A hook is no part of what is to run: the object that is there is deleted, and made anew in the phase of the hook, if at all.',
      fix: 'Take the annotation away.',
    };
  }),
};

/** True for an object that no sync applies. */
function isSkipped(object: ManifestObject): boolean {
  return !isHook(object) && hookTypes(object).includes('Skip');
}

function leftOut(object: ManifestObject): Fault {
  return {
    at: annotated(object, hookAnnotation(object)),
    what: `is left out of every sync (${hookAnnotation(object)}: Skip)`,
    why: 'Argo CD applies no change of it any more, and no revert.',
    fix: 'Take the annotation away.',
  };
}

export const pruneWithRollout: Rule = {
  id: 'prune-with-rollout',
  title: 'A commit deletes an object and starts new pods',
  severity: losslessOnly,
  judges: 'change',
  faults: (folder) => {
    if (folder.returns) return [];
    const pruned = folder.changes.find((change) => change.after === null && isPruned(change.before, folder))?.before;
    if (!pruned) return [];
    return folder.changes.flatMap(({ before, after }): readonly Fault[] => {
      const workload = folder.after.workload(after);
      if (workload === undefined || !workload.runsOn) return [];
      const former = folder.before.workload(before);
      if (isDeepStrictEqual(former?.template.value, workload.template.value)) return [];
      return [
        {
          at: workload.template.at('spec'),
          what: `starts new pods in a commit that also takes away ${pruned.title}`,
          why: 'With PruneLast, deleting waits until the new pods are healthy; where they never are, the revert waits as well.',
          fix: 'Make it two commits, one after the other.',
        },
      ];
    });
  },
};

/** A ConfigMap with a hash in its name is replaced by another one in the commit that rolls it out: that is what it is for. */
function isPruned(object: ManifestObject, folder: FolderComparison): boolean {
  return hashedSuccessor(object, folder) === undefined;
}

export const jobReruns: Rule = {
  id: 'job-reruns',
  title: 'A Job is run again and again',
  severity: warned,
  judges: 'state',
  faults: ({ folder, world, profile }) => {
    if (!isOfArgo(folder.path, world, profile)) return [];
    return folder.all('batch/Job').flatMap((job) => {
      const at = job.at('spec', 'ttlSecondsAfterFinished');
      if (!at.isSet || isHook(job.object)) return [];
      return [
        {
          at,
          key: 'ttl',
          what: `is deleted ${String(at.value)} s after its end (ttlSecondsAfterFinished)`,
          why: 'Argo CD finds it missing and runs it again, for ever.',
          fix: 'Leave the field out, or make the Job a hook of a release of its own.',
        },
      ];
    });
  },
};
