import { parse } from 'yaml';
import { expectedValues } from './policy/expected/argocd-values.ts';
import { expectedArgoCd, expectedRootValues } from './policy/expected/argocd.ts';
import { expectedBootstrap } from './policy/expected/bootstrap.ts';
import { type Among, type Owner, alone, ownerOf } from './policy/expected/owner.ts';
import { expectedPlatform } from './policy/expected/platform.ts';
import { networkPolicy, referencePolicy, secretPolicy, where } from './policy/rules.ts';
import { type Mismatch, type ShapeObject, mismatches } from './policy/shape.ts';
import { type Block, type Json, type JsonObject, type Stacks, isObject, resourcesOf } from './terraform-json.ts';

const rules = [expectedPolicy, networkPolicy, secretPolicy, argoCdPolicy, referencePolicy];

/** What must hold in every stack of a cluster, whoever changed it: a sentence for each breach, with the block and the remedy. */
export function policies(stacks: Stacks, among: Among = alone): string[] {
  return rules.flatMap((rule) => rule(stacks, among));
}

/** The values of both charts are what somebody has decided on, as the rest of the stack is. */
export function argoCdPolicy(stacks: Stacks, among: Among): string[] {
  const owner = ownerOf(stacks, among);
  return resourcesOf(stacks, 'helm_release').flatMap((release) => {
    const values = valuesOf(release);
    const isRoot = release.values['chart'] === 'argocd-apps';
    const shape = isRoot ? expectedRootValues(owner, values) : expectedValues(owner, values);
    const file = isRoot ? 'argocd.ts' : 'argocd-values.ts';
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
  return [...new Set([...Object.keys(shapes), ...stacks.keys()])].flatMap((stack) =>
    unexpected(stack, stacks.get(stack), owner),
  );
}

/** As {@link expectedPolicy}, for one stack of an owner. */
export function unexpected(stack: string, json: Json | undefined, owner: Owner): string[] {
  const shape = shapes[stack];
  if (shape === undefined)
    return [`${stack} is a stack that cluster/policy/expected/ does not describe. Add it there.`];
  return mismatches(json, shape(owner)).map((mismatch) => sentence(stack, mismatch));
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
  const everything = {
    domain: 'argocd.example.com',
    certified: true,
    watched: true,
    federated: true,
    budget: true,
    registry: 'europe-west1',
  };
  const owner: Owner = { ...alone, project: '', region: '', location: '', name: '', stateBucket: '', ...everything };
  return Object.values(shapes)
    .flatMap((shape) => Object.keys(Object(shape(owner)['resource'])))
    .toSorted();
}
