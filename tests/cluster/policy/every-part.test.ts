import { describe, expect, test } from 'vitest';
import { expectedPolicy } from '../../../cluster/policy/expected.ts';
import type { Json, JsonObject } from '../../../cluster/terraform-json.ts';
import { isObject } from '../../../cluster/terraform-json.ts';
import { samples, stacksFor } from '../sample.ts';

const stacks = stacksFor(samples.everything);

// What an owner decides in settings.ts: any value of its form is expected.
const owners =
  /^resource\.google_billing_budget\.budget\.(?:billing_account|display_name|amount\.specified_amount\.units|budget_filter\.projects\.0)$|\.description$|^resource\.helm_release\.\w+\.values\.0$|^resource\.google_(?:compute_subnetwork\.subnet\.(?:secondary_ip_range\.\d\.)?ip_cidr_range|artifact_registry_repository(?:_iam_member)?\.\w+\.(?:location|repository_id)|certificate_manager_certificate\w*\.\w+\.(?:managed\.domains\.0|hostname)|container_node_pool\.nodes\.(?:initial_node_count|autoscaling\.m\w+_node_count|node_config\.(?:machine_type|disk_size_gb|spot))|compute_router_nat\.nat\.m\w+_ports_per_vm)$/;

describe.each(['bootstrap', 'platform', 'argocd'])('every part of %s', (stack) => {
  const json = stacks.get(stack) ?? {};

  test('is refused with another value, but for what the owner decides', () => {
    const passed = [...leaves(json)]
      .filter(([path, value]) => !refused(stack, path, another(value)))
      .map(([path]) => path.join('.'));
    expect(passed.filter((path) => !owners.test(path))).toEqual([]);
  });

  test('is refused with a field or an item more', () => {
    const passed = [...containers(json)]
      .filter(([path, value]) =>
        Array.isArray(value)
          ? !refused(stack, path, [...value, value.at(-1) ?? 'x'])
          : !refused(stack, [...path, 'one_more'], 'x'),
      )
      .map(([path]) => path.join('.'));
    expect(passed).toEqual([]);
  });

  function refused(of: string, path: readonly string[], to: Json): boolean {
    return expectedPolicy(new Map([...stacks, [of, withValue(json, path, to)]])).length > 0;
  }
});

function another(value: Json): Json {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  return typeof value === 'string' ? `${value}x` : 'x';
}

/** Keys may hold dots here, which paths in text can't. */
function withValue(value: Json | undefined, [key, ...rest]: readonly string[], to: Json): JsonObject {
  const parent: JsonObject = isObject(value) ? value : {};
  if (key === undefined) return parent;
  return { ...parent, [key]: put(parent[key], rest, to) };
}

function put(value: Json | undefined, path: readonly string[], to: Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return to;
  if (!Array.isArray(value)) return withValue(value, path, to);
  const items: readonly Json[] = value;
  return items.map((item, index) => (String(index) === key ? put(item, rest, to) : item));
}

function* nodes(value: Json, path: readonly string[]): Generator<readonly [readonly string[], Json]> {
  yield [path, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) if (key !== '//') yield* nodes(item, [...path, key]);
}

function* leaves(json: JsonObject): Generator<readonly [readonly string[], Json]> {
  for (const [path, value] of nodes(json, [])) if (typeof value !== 'object' || value === null) yield [path, value];
}

function* containers(json: JsonObject): Generator<readonly [readonly string[], Json]> {
  for (const [path, value] of nodes(json, []))
    if (typeof value === 'object' && value !== null && path.length > 0) yield [path, value];
}
