import { allowEmpty } from './argo/allow-empty.ts';
import { applicationMoved } from './argo/application-moved.ts';
import { applicationRemoved } from './argo/application-removed.ts';
import { automationOff } from './argo/automation-off.ts';
import { finalizerAdded } from './argo/finalizer-added.ts';
import { projectNarrowed } from './argo/project-narrowed.ts';
import { projectWidened } from './argo/project-widened.ts';
import { replaceOrForce } from './argo/replace-or-force.ts';
import { retryWithoutRefresh } from './argo/retry-without-refresh.ts';
import { syncOptionMissing } from './argo/sync-option-missing.ts';
import { syncWaits } from './argo/sync-waits.ts';
import { duplicate } from './folders/duplicate.ts';
import { folderMisread, kindMissing, objectsHidden, yamlBroken } from './folders/flaws.ts';
import { folderEmptied } from './folders/folder-emptied.ts';
import { pruneWithRollout } from './folders/prune-with-rollout.ts';
import { severalEnvironments } from './folders/several-environments.ts';
import { sendersNarrowed } from './network/senders-narrowed.ts';
import { servicePortChanged } from './network/service-port-changed.ts';
import { serviceTypeChanged } from './network/service-type-changed.ts';
import { trafficCut } from './network/traffic-cut.ts';
import { dataLost } from './objects/data-lost.ts';
import { madeByControllers } from './objects/made-by-controllers.ts';
import { nameChanged } from './objects/name-changed.ts';
import { namespaceUnguarded } from './objects/namespace-unguarded.ts';
import { selectorChanged } from './objects/selector-changed.ts';
import { onObjects, type Rule } from './rule.ts';
import { disruptionsBlocked } from './workloads/disruptions-blocked.ts';
import { graceTooShort } from './workloads/grace-too-short.ts';
import { imageUnpinned } from './workloads/image-unpinned.ts';
import { maxUnavailable } from './workloads/max-unavailable.ts';
import { readinessMissing } from './workloads/readiness-missing.ts';
import { replicasLost } from './workloads/replicas-lost.ts';
import { rolloutPaused } from './workloads/rollout-paused.ts';
import { stillUsed } from './workloads/still-used.ts';

/** Every rule by the name that `--allow` takes. docs/guard.md has a section for each. */
export const rules = {
  'name-changed': onObjects(nameChanged),
  'selector-changed': onObjects(selectorChanged),
  'service-type-changed': onObjects(serviceTypeChanged),
  'service-port-changed': onObjects(servicePortChanged),
  'traffic-cut': trafficCut,
  'senders-narrowed': onObjects(sendersNarrowed),
  'rollout-paused': onObjects(rolloutPaused),
  'replicas-lost': onObjects(replicasLost),
  'image-unpinned': onObjects(imageUnpinned),
  'readiness-missing': onObjects(readinessMissing),
  'max-unavailable': onObjects(maxUnavailable),
  'grace-too-short': onObjects(graceTooShort),
  'disruptions-blocked': onObjects(disruptionsBlocked),
  'still-used': onObjects(stillUsed),
  'data-lost': onObjects(dataLost),
  'namespace-unguarded': onObjects(namespaceUnguarded),
  'made-by-controllers': onObjects(madeByControllers),
  'yaml-broken': yamlBroken,
  'kind-missing': kindMissing,
  'folder-misread': folderMisread,
  'objects-hidden': objectsHidden,
  duplicate,
  'folder-emptied': folderEmptied,
  'prune-with-rollout': pruneWithRollout,
  'several-environments': severalEnvironments,
  'replace-or-force': onObjects(replaceOrForce),
  'sync-waits': onObjects(syncWaits),
  'sync-option-missing': onObjects(syncOptionMissing),
  'automation-off': onObjects(automationOff),
  'allow-empty': onObjects(allowEmpty),
  'retry-without-refresh': onObjects(retryWithoutRefresh),
  'application-moved': onObjects(applicationMoved),
  'application-removed': onObjects(applicationRemoved),
  'finalizer-added': onObjects(finalizerAdded),
  'project-widened': onObjects(projectWidened),
  'project-narrowed': projectNarrowed,
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleName = keyof typeof rules;

export function isRuleName(name: string): name is RuleName {
  return Object.hasOwn(rules, name);
}
