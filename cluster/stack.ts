import { type GoogleProviderConfig, GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js';
import {
  type App,
  GcsBackend,
  TerraformDataSource,
  TerraformElement,
  TerraformProvider,
  TerraformResource,
  TerraformStack,
} from 'cdktf';
import type { Construct } from 'constructs';
import type { Google } from '../settings/google/resolve.ts';
import { type Json, type JsonObject, type Stacks, at, isObject } from './terraform-json.ts';
import { terraformVersion } from './versions.ts';

/** The three stacks, in the order in which they are applied. */
export const stackNames = ['bootstrap', 'platform', 'argocd'] as const;

export type StackName = (typeof stackNames)[number];

/** A stack with a state of its own in the one bucket, and the Google provider. */
export function openStack(
  app: App,
  name: StackName,
  google: Google,
  provider: GoogleProviderConfig = {},
): TerraformStack {
  const stack = new TerraformStack(app, name);
  stack.addOverride('terraform.required_version', terraformVersion);
  // One prefix each: a mistake in one apply can't reach what another stack owns.
  new GcsBackend(stack, { bucket: google.stateBucket, prefix: name });
  create(GoogleProvider, stack, 'google', { project: google.project, region: google.region, ...provider });
  return stack;
}

/** The stacks of an app. */
export function terraformStacks(app: App): TerraformStack[] {
  return app.node.findAll().filter((node) => TerraformStack.isStack(node));
}

type Kind<Input extends object, Element extends TerraformElement> = new (
  scope: Construct,
  id: string,
  input: Input,
) => Element;

const inputs = new WeakMap<TerraformElement, object>();

/**
 * Makes a Terraform element and remembers what it was given, so that {@link vanished} can prove that nothing
 * of it was lost.
 *
 * Always on the stack itself: an element below another construct gets a hash in its address, and moving it would make
 * Terraform destroy it.
 */
export function create<Input extends object, Element extends TerraformElement>(
  kind: Kind<Input, Element>,
  stack: TerraformStack,
  id: string,
  input: NoInfer<Input>,
): Element {
  const element = new kind(stack, id, input);
  inputs.set(element, input);
  return element;
}

/** What an element was made from; undefined for one that was made without {@link create}. */
export function inputOf(element: TerraformElement): object | undefined {
  return inputs.get(element);
}

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
