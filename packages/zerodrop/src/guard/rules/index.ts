import type { Rule } from '../rule.ts';
import {
  applicationChanged,
  applicationMoved,
  applicationRemoved,
  finalizerAdded,
  syncOptionMissing,
} from './argo/application.ts';
import {
  allowEmpty,
  automationOff,
  differencesIgnored,
  replaceOrForce,
  retryWithoutRefresh,
} from './argo/automation.ts';
import { projectChanged, projectNarrowed, projectRefuses, projectWidened } from './argo/project.ts';
import { hookAdded, jobReruns, pruneWithRollout, syncWaits } from './argo/sync.ts';
import { folderMisread, kindMissing, objectsHidden, yamlBroken, yamlMisread } from './files/flaws.ts';
import { duplicate, folderEmptied, severalEnvironments } from './files/folders.ts';
import { egressCut, trafficCut } from './network/policies.ts';
import { backendMissing, routingChanged } from './network/routing.ts';
import { sendersNarrowed, serviceChanged, serviceTypeChanged } from './network/service-fields.ts';
import { podsUnselected, servicePortChanged, servicePortUnreachable } from './network/service-pods.ts';
import { duplicateEntry, invalidValue } from './objects/api-refusals.ts';
import { exceptionIneffective } from './objects/exception-ineffective.ts';
import { immutableField } from './objects/immutable-field.ts';
import { madeByControllers } from './objects/made-by-controllers.ts';
import { referenceMissing } from './objects/reference-missing.ts';
import { configurationUnrolled, stillUsed } from './objects/references.ts';
import { dataLost, nameChanged, namespaceUnguarded } from './objects/removed.ts';
import { selectorChanged } from './objects/selector-changed.ts';
import { budgetLost, budgetsOverlap, disruptionsBlocked } from './workloads/budgets.ts';
import { probeWeakened } from './workloads/probes.ts';
import { podSecurityRefused } from './workloads/quota.ts';
import { readinessMissing } from './workloads/readiness-missing.ts';
import { autoscalerOverridden, capacityCut, replicasLost } from './workloads/replicas.ts';
import { imageUnpinned, maxUnavailable, rolloutPaused } from './workloads/rollout.ts';
import { drainLost, drainTooShort, graceTooShort } from './workloads/shutdown.ts';
import { noRoomForSurge } from './workloads/surge.ts';

/** Every rule. docs/rules/ has a page for each, by its id. */
export const rules: readonly Rule[] = [
  // Objects
  nameChanged,
  selectorChanged,
  immutableField,
  duplicateEntry,
  invalidValue,
  stillUsed,
  referenceMissing,
  configurationUnrolled,
  dataLost,
  namespaceUnguarded,
  madeByControllers,
  // Workloads
  replicasLost,
  capacityCut,
  autoscalerOverridden,
  rolloutPaused,
  imageUnpinned,
  readinessMissing,
  probeWeakened,
  maxUnavailable,
  noRoomForSurge,
  podSecurityRefused,
  graceTooShort,
  drainTooShort,
  drainLost,
  disruptionsBlocked,
  budgetLost,
  budgetsOverlap,
  // Network
  serviceTypeChanged,
  serviceChanged,
  servicePortChanged,
  servicePortUnreachable,
  podsUnselected,
  sendersNarrowed,
  routingChanged,
  backendMissing,
  trafficCut,
  egressCut,
  // Files and folders
  yamlBroken,
  yamlMisread,
  kindMissing,
  folderMisread,
  objectsHidden,
  duplicate,
  exceptionIneffective(() => rules.map(({ id }) => id)),
  folderEmptied,
  pruneWithRollout,
  severalEnvironments,
  // Argo CD
  hookAdded,
  replaceOrForce,
  syncWaits,
  jobReruns,
  syncOptionMissing,
  automationOff,
  allowEmpty,
  retryWithoutRefresh,
  differencesIgnored,
  applicationMoved,
  applicationChanged,
  applicationRemoved,
  finalizerAdded,
  projectWidened,
  projectNarrowed,
  projectRefuses,
  projectChanged,
];

/** The rule of an id; undefined for what is none. */
export function ruleOf(id: string): Rule | undefined {
  return rules.find((rule) => rule.id === id);
}
