import { field } from './field.ts';
import { isDeployment } from './kinds.ts';
import type { Rule } from './rule.ts';

/** Two: with one, the loss of its node is an outage, and evicting it is one too. */
const fewest = 2;

/** Where `replicas` is not said, Kubernetes takes 1, also for a Deployment that has more. */
export const replicasLost: Rule = ({ before, after }) => {
  if (!isDeployment(after)) return null;
  const replicas = field(after.document, 'spec', 'replicas');
  if (typeof replicas === 'number' && replicas >= fewest) return null;
  const had = field(before?.document, 'spec', 'replicas');
  const from = typeof had === 'number' && had !== replicas ? ` instead of ${had}` : '';
  const what =
    replicas === undefined ? `says no replicas${from}, and so gets 1` : `asks for ${String(replicas)} replicas${from}`;
  return `${what}. Without loss it takes ${fewest}, since a node or a pod can fail at any time: raise replicas in settings.ts`;
};
