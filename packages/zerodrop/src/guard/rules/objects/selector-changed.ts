import { isDeepStrictEqual } from 'node:util';
import type { FolderComparison } from '../../model/comparison.ts';
import { isRecord, type ManifestObject } from '../../model/object.ts';
import { shown } from '../../model/workload.ts';
import { type Fault, formerly, ofChanges, refused, type Rule } from '../../rule.ts';

export const selectorChanged: Rule = {
  id: 'selector-changed',
  title: 'The selector of a workload or a Service changes',
  severity: refused,
  judges: 'change',
  faults: ofChanges(({ before, after }, folder): Fault | null => {
    if (before === null || after === null) return null;
    const { value: next } = after.field('spec', 'selector');
    const { value: old } = before.field('spec', 'selector');
    if (isDeepStrictEqual(old, next)) return null;
    const at = after.field('spec', 'selector', ...changedLabel(old, next));
    const what = `changes its selector from ${shown(old)} to ${shown(next)}`;
    if (after.is('apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet', 'argoproj.io/Rollout')) {
      return {
        at,
        what,
        why: 'Kubernetes refuses that, and deleting the object to make it anew drops every request.',
        fix: `Add a second ${after.kind} instead.`,
        instead: formerly,
      };
    }
    if (!after.is('/Service')) return null;
    if (losesItsPods(before, after, folder)) {
      return {
        at,
        what: `${what}, which selects no pods`,
        why: 'No workload of this folder starts pods with these labels: the Service has no endpoint any more, and every request to it fails.',
        fix: 'Keep the selector, or let it select labels that the pods have.',
        instead: formerly,
      };
    }
    return {
      at,
      what,
      why: 'All endpoints are swapped at once, for pods that no load balancer has checked.',
      fix: 'Add a second Service instead.',
      instead: formerly,
    };
  }),
};

/** True where a Service selected pods of its folder, and selects none now. */
function losesItsPods(before: ManifestObject, after: ManifestObject, folder: FolderComparison): boolean {
  const [old, next] = [before.as('/Service'), after.as('/Service')];
  if (old === null || next === null || folder.before.selectedBy(old).length === 0) return false;
  return folder.after.selectedBy(next).length === 0 && next.at('spec', 'selector').entries().length > 0;
}

/** The path to the one label that differs; none where more do. */
function changedLabel(old: unknown, next: unknown): readonly string[] {
  if (!isRecord(old) || !isRecord(next)) return [];
  const differing = [...new Set([...Object.keys(old), ...Object.keys(next)])].filter(
    (key) => !isDeepStrictEqual(old[key], next[key]),
  );
  const [key] = differing;
  if (key === undefined || differing.length > 1) return [];
  return [key, ...changedLabel(old[key], next[key])];
}
