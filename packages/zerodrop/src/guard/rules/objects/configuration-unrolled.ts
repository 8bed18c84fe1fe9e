import { isDeepStrictEqual } from 'node:util';
import type { FolderComparison } from '../../model/comparison.ts';
import type { ManifestObject } from '../../model/object.ts';
import { podReferences } from '../../model/references.ts';
import { type Fault, type Rule, warnedElsewhere } from '../../rule.ts';
import { valuesOf } from './references.ts';

/** Annotations by which a controller in the cluster rolls pods when their configuration changes. */
const reloaders = /^(?:reloader\.stakater\.com|configmap\.reloader\.stakater\.com|secret\.reloader\.stakater\.com)\//;

export const configurationUnrolled: Rule = {
  id: 'configuration-unrolled',
  title: 'Configuration changes and no pod is replaced',
  severity: warnedElsewhere,
  judges: 'change',
  faults: (folder) => {
    const changed = new Map(
      folder.changes.flatMap(({ before, after }) =>
        before !== null && after !== null && after.is('/ConfigMap', '/Secret')
          ? [
              [
                `${after.kind} ${after.namespace ?? ''}/${after.name}`,
                { after, keys: changedKeys(before, after) },
              ] as const,
            ]
          : [],
      ),
    );
    return changed.size === 0 ? [] : stale(folder, changed);
  },
};

/** A ConfigMap or Secret, and the keys of it that differ. */
interface Configuration {
  readonly after: ManifestObject;
  readonly keys: ReadonlySet<string>;
}

function stale(folder: FolderComparison, changed: ReadonlyMap<string, Configuration>): readonly Fault[] {
  const reported = new Set<ManifestObject>();
  return folder.after.workloads.flatMap((workload): readonly Fault[] => {
    const { object } = workload;
    const former = folder.before.counterpart(workload);
    if (former === undefined || !isDeepStrictEqual(former.template.value, workload.template.value)) return [];
    if (
      object
        .field('metadata', 'annotations')
        .entries()
        .some(([key]) => reloaders.test(key))
    )
      return [];
    return podReferences(workload).flatMap((reference): readonly Fault[] => {
      const found = changed.get(`${reference.kind} ${object.namespace ?? ''}/${reference.name}`);
      if (found === undefined || found.keys.size === 0 || reported.has(found.after)) return [];
      const configuration = found.after;
      const isRead = reference.key === null || found.keys.has(reference.key);
      if (!isRead || reference.how === 'other') return [];
      reported.add(configuration);
      const isFile = reference.how === 'file';
      return [
        {
          at: configuration.field(configuration.field('data').isSet ? 'data' : 'stringData'),
          what: `changes, and ${object.title}, which reads it ${isFile ? 'as files' : 'when a pod starts'}, does not roll out`,
          why: isFile
            ? 'All pods see the new files at the same moment, or at their next start, without a probe in between and without a revision to go back to.'
            : 'Pods that run keep the old values, and those that start later, after a crash or on another node, run with values that no rollout has tried.',
          fix: 'Put a hash of the configuration into the pod template, or into the name of the ConfigMap.',
          ...(isFile ? { severity: 'warn' as const } : {}),
        },
      ];
    });
  });
}

function changedKeys(before: ManifestObject, after: ManifestObject): ReadonlySet<string> {
  const [old, next] = [valuesOf(before), valuesOf(after)];
  return new Set([...old.keys(), ...next.keys()].filter((key) => !isDeepStrictEqual(old.get(key), next.get(key))));
}
