import { isDeepStrictEqual } from 'node:util';
import { shown } from '../../model/selection.ts';
import { type Fault, ofChanges, type Rule, refused } from '../../rule.ts';

export const selectorChanged: Rule = {
  id: 'selector-changed',
  title: 'The selector of a workload or a Service changes',
  severity: refused,
  judges: 'change',
  faults: ofChanges(({ before, after }): Fault | null => {
    if (before === null || after === null) return null;
    const at = after.field('spec', 'selector');
    const [old, next] = [before.field('spec', 'selector').value, at.value];
    if (isDeepStrictEqual(old, next)) return null;
    const what = `changes its selector from ${shown(old)} to ${shown(next)}`;
    if (after.is('apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet', 'argoproj.io/Rollout')) {
      return {
        at,
        what,
        why: 'Kubernetes refuses that, and deleting the object to make it anew drops every request.',
        fix: `Add a second ${after.kind} instead.`,
      };
    }
    if (!after.is('/Service')) return null;
    return {
      at,
      what,
      why: 'All endpoints are swapped at once, for pods that no load balancer has checked.',
      fix: 'Add a second Service instead.',
    };
  }),
};
