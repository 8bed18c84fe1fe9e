import type { App } from 'cdktf';
import { TerraformDataSource, TerraformElement, TerraformProvider, TerraformResource } from 'cdktf';
import { terraformStacks } from './compose.ts';
import { inputOf } from './create.ts';
import type { Json, JsonObject, Stacks } from './terraform-json.ts';
import { at, isObject } from './terraform-json.ts';

/**
 * A sentence for each value that was given to an element of the app and is not in its JSON.
 *
 * The bindings drop a list where they expect a single block, and an object where they expect a list, without a word.
 */
export function vanished(app: App, stacks: Stacks): string[] {
  return terraformStacks(app).flatMap((stack) => {
    const json = stacks.get(stack.node.id) ?? {};
    return stack.node.findAll().flatMap((node) => {
      const input = TerraformElement.isTerraformElement(node) ? inputOf(node) : undefined;
      const found = input === undefined ? undefined : rendered(node, json);
      return found === undefined ? [] : lost(input, found.json, `${stack.node.id}: ${found.address}`);
    });
  });
}

function rendered(
  node: unknown,
  json: JsonObject,
): { readonly address: string; readonly json: Json | undefined } | undefined {
  if (TerraformResource.isTerraformResource(node)) {
    const address = `${node.terraformResourceType}.${node.friendlyUniqueId}`;
    return { address, json: at(json, `resource.${address}`) };
  }
  if (TerraformDataSource.isTerraformDataSource(node)) {
    const address = `${node.terraformResourceType}.${node.friendlyUniqueId}`;
    return { address: `data.${address}`, json: at(json, `data.${address}`) };
  }
  if (TerraformProvider.isTerraformProvider(node)) {
    return {
      address: `provider.${node.terraformResourceType}`,
      json: at(json, `provider.${node.terraformResourceType}`),
    };
  }
  return undefined;
}

/** A key as bindings and Terraform both write it: `enableL4IlbSubsetting` and `enable_l4_ilb_subsetting` are one. */
function plain(key: string): string {
  return key.replaceAll('_', '').toLowerCase();
}

function lost(input: unknown, json: Json | undefined, path: string): string[] {
  if (input === undefined) return [];
  const gone = [
    `${path} was given a value that is not in the JSON. Look up in the bindings whether it is a block or a list.`,
  ];
  if (json === undefined) return gone;
  if (Array.isArray(input)) {
    const items: readonly unknown[] = input;
    if (!Array.isArray(json) || json.length !== items.length) return gone;
    return items.flatMap((item, index) => lost(item, json[index], `${path}[${index}]`));
  }
  if (typeof input === 'object' && input !== null) {
    if (TerraformElement.isTerraformElement(input)) return typeof json === 'string' ? [] : gone;
    const block = Array.isArray(json) && json.length === 1 ? json[0] : json;
    if (!isObject(block)) return gone;
    const keys = new Map(Object.entries(block).map(([key, value]) => [plain(key), value]));
    return Object.entries(input).flatMap(([key, value]) => lost(value, keys.get(plain(key)), `${path}.${key}`));
  }
  return isReference(input) || isReference(json) || input === json ? [] : gone;
}

// A token, before or after it was resolved.
function isReference(value: unknown): boolean {
  return typeof value === 'string' && value.includes('${');
}
