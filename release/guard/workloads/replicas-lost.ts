import type { ManifestObject } from '../documents.ts';
import { field, numberField } from '../field.ts';
import { isAutoscaler, isDeployment, isStatefulSet } from '../kinds.ts';
import type { Complaint, ObjectRule } from '../rule.ts';
import { autoscalerOf } from './scaling.ts';

/** Two: with one, the loss of its node is an outage, and evicting it is one too. */
const fewest = 2;

const because = `Without loss it takes ${fewest}, since a node or a pod can fail at any time`;

/** Where `replicas` is not said, Kubernetes takes 1, also for a Deployment that has more. */
export const replicasLost: ObjectRule = ({ before, after }, folder) => {
  if (isAutoscaler(after)) return ofAutoscaler(after);
  if (!isDeployment(after) && !isStatefulSet(after)) return null;
  const replicas = field(after.document, 'spec', 'replicas');
  if (typeof replicas === 'number' && replicas >= fewest) return null;
  const had = field(before?.document, 'spec', 'replicas');
  // An autoscaler decides, and a number here would undo what it decided at each sync.
  if (replicas === undefined && had === undefined && autoscalerOf(after, folder.after) !== undefined) return null;
  const from = typeof had === 'number' && had !== replicas ? ` instead of ${had}` : '';
  const what =
    replicas === undefined ? `says no replicas${from}, and so gets 1` : `asks for ${String(replicas)} replicas${from}`;
  return { says: `${what}. ${because}: raise replicas in settings.ts`, at: ['spec', 'replicas'] };
};

function ofAutoscaler({ document }: ManifestObject): Complaint | null {
  const minimum = numberField(document, 1, 'spec', 'minReplicas');
  if (minimum >= fewest) return null;
  const says = `lets its pods become as few as ${minimum}. ${because}: set minReplicas to ${fewest} or more`;
  return { says, at: ['spec', 'minReplicas'] };
}
