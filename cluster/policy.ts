import { argoCdPolicy } from './policy/argocd.ts';
import { clusterPolicy } from './policy/cluster.ts';
import { federationPolicy } from './policy/federation.ts';
import { networkPolicy } from './policy/network.ts';
import { nodesPolicy } from './policy/nodes.ts';
import { referencePolicy } from './policy/references.ts';
import { rightsPolicy } from './policy/rights.ts';
import { secretPolicy } from './policy/secrets.ts';
import { statePolicy } from './policy/state.ts';
import type { Stacks } from './terraform-json.ts';

const rules = [
  clusterPolicy,
  nodesPolicy,
  networkPolicy,
  statePolicy,
  rightsPolicy,
  federationPolicy,
  secretPolicy,
  argoCdPolicy,
  referencePolicy,
];

/** What must hold in every stack, whoever changed it: a sentence for each breach, with the block and the remedy. */
export function policies(stacks: Stacks): string[] {
  return rules.flatMap((rule) => rule(stacks));
}
