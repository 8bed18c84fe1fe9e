import { parse } from 'yaml';
import type { Block, Json, JsonObject, Stacks } from '../terraform-json.ts';
import { isObject, resourcesOf } from '../terraform-json.ts';
import { where } from './block.ts';
import { expectedValues } from './expected/argocd-values.ts';
import { type Among, ownerOf } from './expected/owner.ts';
import { expectedRootValues } from './expected/root-values.ts';
import { mismatches } from './shape.ts';

/** The values of both charts are what somebody has decided on, as the rest of the stack is. */
export function argoCdPolicy(stacks: Stacks, among: Among): string[] {
  const owner = ownerOf(stacks, among);
  return resourcesOf(stacks, 'helm_release').flatMap((release) => {
    const values = valuesOf(release);
    const isRoot = release.values['chart'] === 'argocd-apps';
    const shape = isRoot ? expectedRootValues(owner, values) : expectedValues(owner, values);
    const file = isRoot ? 'root-values.ts' : 'argocd-values.ts';
    return mismatches(values, shape).map(
      ({ path, says }) =>
        `${where(release)}: ${path.join('.')} ${says}. Set it back, or decide on it in cluster/policy/expected/${file}.`,
    );
  });
}

function valuesOf(release: Block): JsonObject {
  const texts = release.values['values'];
  const text = Array.isArray(texts) ? texts[0] : undefined;
  const values: Json = typeof text === 'string' ? parse(text) : {};
  return isObject(values) ? values : {};
}
