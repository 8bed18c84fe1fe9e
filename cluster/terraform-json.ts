/** Any JSON. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

/** Synthesized stacks by name, each the content of its `cdk.tf.json`. */
export type Stacks = ReadonlyMap<string, JsonObject>;

/** One resource of a stack. */
export interface Block {
  readonly stack: string;
  /** As Terraform writes it: `google_container_cluster.cluster`. */
  readonly address: string;
  readonly type: string;
  readonly values: JsonObject;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectAt(parent: JsonObject, key: string): JsonObject {
  const value = parent[key];
  return isObject(value) ? value : {};
}

function* resources(stack: string, json: JsonObject): Generator<Block> {
  const types = objectAt(json, 'resource');
  for (const type of Object.keys(types)) {
    for (const [id, values] of Object.entries(objectAt(types, type))) {
      if (isObject(values)) yield { stack, type, address: `${type}.${id}`, values };
    }
  }
}

/** Every resource of every stack, of these types alone where some are named. */
export function resourcesOf(stacks: Stacks, ...types: readonly string[]): Block[] {
  const all = [...stacks].flatMap(([stack, json]) => [...resources(stack, json)]);
  return types.length === 0 ? all : all.filter(({ type }) => types.includes(type));
}

/** The value at a path such as `private_cluster_config.enable_private_nodes`; a list of one block counts as the block. */
export function at(value: Json | undefined, path: string): Json | undefined {
  let found = value;
  for (const key of path.split('.')) {
    if (Array.isArray(found) && found.length === 1) found = found[0];
    if (!isObject(found)) return undefined;
    found = found[key];
  }
  return found;
}

/** The text at a path; empty where there is none. */
export function textAt(value: Json | undefined, path: string): string {
  const found = at(value, path);
  return typeof found === 'string' ? found : '';
}

/** Every string in a value, with the path that leads to it. */
export function* strings(value: Json, path = ''): Generator<{ readonly path: string; readonly text: string }> {
  if (typeof value === 'string') yield { path, text: value };
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* strings(item, `${path}[${index}]`);
  else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) yield* strings(item, path === '' ? key : `${path}.${key}`);
  }
}
