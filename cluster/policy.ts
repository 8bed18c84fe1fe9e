import { argoCdPolicy } from './policy/argocd.ts';
import { expectedPolicy } from './policy/expected.ts';
import { alone, type Among } from './policy/expected/owner.ts';
import { networkPolicy } from './policy/network.ts';
import { referencePolicy } from './policy/references.ts';
import { secretPolicy } from './policy/secrets.ts';
import type { Stacks } from './terraform-json.ts';

const rules = [expectedPolicy, networkPolicy, secretPolicy, argoCdPolicy, referencePolicy];

/** What must hold in every stack of a cluster, whoever changed it: a sentence for each breach, with the block and the remedy. */
export function policies(stacks: Stacks, among: Among = alone): string[] {
  return rules.flatMap((rule) => rule(stacks, among));
}
