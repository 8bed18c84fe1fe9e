import type { Change, FolderComparison } from '../../model/comparison.ts';
import type { Folder } from '../../model/folder.ts';
import { budgetsOf, heldBy, podCount, uselessness } from '../../model/scaling.ts';
import type { Workload } from '../../model/workload.ts';
import { type Fault, refused, type Rule, whole } from '../../rule.ts';

export const disruptionsBlocked: Rule = {
  id: 'disruptions-blocked',
  title: 'A budget lets no pod be moved',
  severity: refused,
  judges: 'state',
  faults: ({ folder }) =>
    folder.all('policy/PodDisruptionBudget').flatMap((budget) => {
      const keeps = uselessness(budget, folder);
      // The only pod of a workload can't be moved without an outage, whatever a budget says.
      if (keeps === null || keeps.extreme !== 'all' || isOfSinglePods(heldBy(budget, folder), folder)) return [];
      return [
        {
          at: keeps.at,
          key: 'blocked',
          what: keeps.says,
          why: 'No pod may be moved: a node that is drained waits, on GKE for an hour, and then ends all of its pods at once.',
          fix: 'Allow one with maxUnavailable: 1, and run more pods than the budget keeps.',
        },
      ];
    }),
};

function isOfSinglePods(held: readonly Workload[], folder: Folder): boolean {
  return (
    held.length > 0 &&
    held.every((workload) => podCount(folder, workload).most <= 1 && !folder.receivesRequests(workload))
  );
}

const unprotected =
  'A node that is drained may evict all pods at once, and an upgrade of the cluster drains every node.';

export const budgetLost: Rule = {
  id: 'budget-lost',
  title: 'No budget keeps pods when nodes are drained',
  severity: refused,
  judges: 'change',
  faults: (folder) => [...newlyUseless(folder), ...newlyBare(folder)],
};

/** A budget that keeps nothing any more, or never did. */
function newlyUseless({ before, after, changes }: FolderComparison): readonly Fault[] {
  const touched = new Set(changes.flatMap(({ after: object }) => object ?? []));
  return after.all('policy/PodDisruptionBudget').flatMap((budget): readonly Fault[] => {
    const old = before.get(budget.object.key)?.as('policy/PodDisruptionBudget') ?? null;
    const keeps = uselessness(budget, after);
    if (keeps?.extreme === 'none' && uselessness(old, before)?.extreme !== 'none') {
      return [{ at: keeps.at, what: keeps.says, why: unprotected, fix: 'Set maxUnavailable to 1.' }];
    }
    if (heldBy(budget, after).length > 0 || !touched.has(budget.object)) return [];
    const [at, what] = [budget.at('spec', 'selector'), 'selects no pods of this folder'];
    if (old === null) {
      // The workload comes with the first release.
      if (after.workloads.length === 0) return [];
      return [{ at, what, why: unprotected, fix: 'Let it select the labels of the pods.', severity: 'warn' }];
    }
    // Its workload went as well, which another rule judges.
    const bare = heldBy(old, before).find((workload) => after.counterpart(workload) !== undefined);
    if (bare === undefined) return [];
    return [
      {
        at,
        what: `no longer selects the pods of ${bare.object.title}`,
        why: unprotected,
        fix: 'Let it select the labels of the pods.',
      },
    ];
  });
}

/** Workloads that a budget held and none holds now, because it is gone or their labels changed. */
function newlyBare({ before, after, changes }: FolderComparison): readonly Fault[] {
  const gone = new Set(changes.flatMap((change: Change) => (change.after === null ? [change.before] : [])));
  return after.workloads.flatMap((workload): readonly Fault[] => {
    const old = before.counterpart(workload);
    if (old === undefined || !after.receivesRequests(workload)) return [];
    if (budgetsOf(after, workload).length > 0) return [];
    const lost = budgetsOf(before, old).filter((budget) => uselessness(budget, before)?.extreme !== 'none');
    const removed = lost.find((budget) => gone.has(budget.object));
    if (removed !== undefined) {
      return [
        {
          at: whole(removed.object),
          what: `is gone, and no other budget keeps the pods of ${workload.object.title}`,
          why: unprotected,
          fix: 'Keep it.',
        },
      ];
    }
    // A selector that changed is reported at the budget.
    const unchanged = lost.find((budget) => after.get(budget.object.key)?.document === budget.object.document);
    if (unchanged === undefined) return [];
    const what = `has labels that ${unchanged.object.title} no longer selects`;
    return [
      {
        at: workload.template.at('metadata'),
        what,
        why: unprotected,
        fix: 'Keep the labels, or change the budget with them.',
      },
    ];
  });
}

export const budgetsOverlap: Rule = {
  id: 'budgets-overlap',
  title: 'Two budgets select the same pods',
  severity: refused,
  judges: 'state',
  faults: ({ folder }) =>
    folder.workloads.flatMap((workload) => {
      const [first, ...others] = budgetsOf(folder, workload);
      if (first === undefined) return [];
      return others.map((budget) => ({
        at: budget.at('spec', 'selector'),
        key: workload.object.key,
        what: `selects the pods of ${workload.object.title}, and so does ${first.object.title}`,
        why: 'The eviction API answers with an error for pods of two budgets: no node can be drained, and GKE ends them all after an hour.',
        fix: 'Keep one budget for each pod.',
      }));
    }),
};
