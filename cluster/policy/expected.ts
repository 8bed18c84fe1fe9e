import type { Json, Stacks } from '../terraform-json.ts';
import { expectedArgoCd } from './expected/argocd.ts';
import { expectedBootstrap } from './expected/bootstrap.ts';
import { alone, ownerOf } from './expected/owner.ts';
import type { Among, Owner } from './expected/owner.ts';
import { expectedPlatform } from './expected/platform.ts';
import type { Mismatch, ShapeObject } from './shape.ts';
import { mismatches } from './shape.ts';

const shapes: Readonly<Record<string, (owner: Owner) => ShapeObject>> = {
  bootstrap: expectedBootstrap,
  platform: expectedPlatform,
  argocd: expectedArgoCd,
};

/**
 * Every stack is what somebody has decided on, field by field: an unknown resource, an unknown field and another value
 * are refused alike, until cluster/policy/expected/ names them.
 */
export function expectedPolicy(stacks: Stacks, among: Among): string[] {
  const owner = ownerOf(stacks, among);
  return [...new Set([...Object.keys(shapes), ...stacks.keys()])].flatMap((stack) => {
    const shape = shapes[stack];
    if (shape === undefined)
      return [`${stack} is a stack that cluster/policy/expected/ does not describe. Add it there.`];
    const json: Json | undefined = stacks.get(stack);
    return mismatches(json, shape(owner)).map((mismatch) => sentence(stack, mismatch));
  });
}

function sentence(stack: string, { path, says }: Mismatch): string {
  const [section = '', type = '', id = '', ...field] = path;
  const place = section === 'resource' && id !== '' ? [`${type}.${id}`, field.join('.')] : [path.join('.'), ''];
  const [block = '', inBlock = ''] = place;
  const at = inBlock === '' ? block : `${block}: ${inBlock}`;
  return `${stack}: ${at} ${says}. Set it back, or decide on it in cluster/policy/expected/${stack}.ts.`;
}

/** Every resource type that some settings may render, sorted. */
export function expectedTypes(): string[] {
  const everything = { domain: 'argocd.example.com', federated: true, budget: true, registry: 'europe-west1' };
  const owner: Owner = { ...alone, project: '', region: '', location: '', name: '', stateBucket: '', ...everything };
  return Object.values(shapes)
    .flatMap((shape) => Object.keys(Object(shape(owner)['resource'])))
    .toSorted();
}
