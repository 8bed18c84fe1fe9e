import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { expectedPolicy, unexpected } from '../../../cluster/check.ts';
import { expectedValues } from '../../../cluster/policy/expected/argocd-values.ts';
import {
  expectedAdmissionValues,
  expectedControllerValues,
  expectedRootValues,
} from '../../../cluster/policy/expected/argocd.ts';
import { alone, ownerOf } from '../../../cluster/policy/expected/owner.ts';
import { type ShapeObject, mismatches } from '../../../cluster/policy/shape.ts';
import { type Json, type JsonObject, isObject } from '../../../cluster/terraform-json.ts';
import { block, samples, stacksFor } from '../sample.ts';

const stacks = stacksFor(samples.everything);

/** What is judged: a stack, or the values of a chart. */
interface Subject {
  readonly json: JsonObject;
  readonly judge: (changed: JsonObject) => readonly unknown[];
  /** What an owner decides in settings.ts, or nobody: any value of its form is expected. */
  readonly free: RegExp;
  /** What an owner may do without. */
  readonly dispensable: RegExp;
}

function stack(name: string, free: RegExp, dispensable: RegExp): readonly [string, Subject] {
  const json = stacks.get(name) ?? {};
  const judge = (to: JsonObject): readonly unknown[] => {
    const others = new Map([...stacks, [name, to]]);
    // The other stacks are asked where this one has nothing against it, which is seldom.
    const own = unexpected(name, to, ownerOf(others, alone));
    return own.length > 0 ? own : expectedPolicy(others, alone);
  };
  return [name, { json, judge, free, dispensable }];
}

function chart(release: string, shape: (values: JsonObject) => ShapeObject, free: RegExp): readonly [string, Subject] {
  const [text] = [block(stacks, 'argocd', `helm_release.${release}`)['values']].flat();
  const json: JsonObject = parse(String(text));
  const judge = (to: JsonObject) => mismatches(to, shape(to));
  return [`the values of ${release}`, { json, judge, free, dispensable: /^$/ }];
}

describe.each([
  stack(
    'bootstrap',
    /^resource\.google_billing_budget\.budget\.(?:billing_account|display_name|amount\.specified_amount\.units|budget_filter\.projects\.0)$|google_service_account\.\w+\.description$/,
    /^resource\.google_(?:billing_budget|secret_manager_secret(?:\.secret_[\w-]+)?)$/,
  ),
  stack(
    'platform',
    /^resource\.google_(?:compute_subnetwork\.subnet\.(?:secondary_ip_range\.\d\.)?ip_cidr_range|artifact_registry_repository\.images\.repository_id|container_node_pool\.nodes\.(?:autoscaling\.m\w+_node_count|node_config\.(?:machine_type|disk_size_gb))|compute_subnetwork\.proxies\.ip_cidr_range|compute_address\.[\w-]+\.name|certificate_manager_\w+\.[\w-]+\.name|monitoring_(?:notification_channel\.channel_email\.labels\.email_address|slo\.[\w-]+\.(?:display_name|goal|request_based_sli\.\w+\.(?:\w+_filter|range\.max))|alert_policy\.[\w-]+\.(?:display_name|documentation\.content|conditions\.0\.condition_prometheus_query_language\.(?:query|duration))|uptime_check_config\.[\w-]+\.(?:display_name|http_check\.port|monitored_resource\.labels\.host)|dashboard\.[\w-]+\.dashboard_json))$|^output\.dns_[\w-]+\.description$/,
    // Of services with host names.
    /^resource\.google_(?:compute_subnetwork\.proxies|compute_address(?:\.[\w-]+)?|certificate_manager_(?:dns_authorization|certificate)(?:\.(?!argocd)[\w-]+(?:\.location)?)?|monitoring_\w+(?:\.[\w-]+(?:\.notification_channels|\.http_check\.(?:use|validate)_ssl)?)?)$|^output\.(?:gateway-production_ip|dns_[\w-]+)$/,
  ),
  stack('argocd', /^resource\.helm_release\.\w+\.values\.0$/, /^$/),
  chart(
    'argocd',
    (values) => expectedValues(ownerOf(stacks, alone), values),
    /\.message$|^configs\.rbac\.policy\.csv$|^notifications\.t/,
  ),
  chart(
    'policy_controller',
    expectedControllerValues,
    /^webhook\.(?:replicaCount|podDisruptionBudget\.enabled|image\.version|resources\.\w+\.(?:cpu|memory))$/,
  ),
  chart('admission', () => expectedAdmissionValues(ownerOf(stacks, alone)), /\.spec\.(?:mode|images\.\d\.glob)$/),
  chart('root', (values) => expectedRootValues(ownerOf(stacks, alone), values), /\.description$/),
])('every part of %s', (_name, { json, judge, free, dispensable }) => {
  test('is refused with another value, but for what the owner decides', () => {
    const passed = [...leaves(json)]
      .filter(([path, value]) => judge(withValue(json, path, another(value))).length === 0)
      .map(([path]) => path.join('.'));
    expect(passed.filter((path) => !free.test(path))).toEqual([]);
  });

  test('is refused with a field or an item more', () => {
    const passed = [...containers(json)]
      .filter(([path, value]) => {
        const more = Array.isArray(value)
          ? withValue(json, path, [...value, value.at(-1) ?? 'x'])
          : withValue(json, [...path, 'one_more'], 'x');
        return judge(more).length === 0;
      })
      .map(([path]) => path.join('.'));
    expect(passed).toEqual([]);
  });

  test('is refused with a field or an item less', () => {
    const passed = [...nodes(json, [])]
      .filter(([path]) => path.length > 0 && judge(without(json, path)).length === 0)
      .map(([path]) => path.join('.'));
    expect(passed.filter((path) => !dispensable.test(path))).toEqual([]);
  });
});

function without(value: JsonObject, path: readonly string[]): JsonObject {
  const [key = '', ...rest] = path;
  if (rest.length === 0) return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
  return { ...value, [key]: cut(value[key], rest) };
}

function cut(value: Json | undefined, path: readonly string[]): Json {
  if (!Array.isArray(value)) return without(isObject(value) ? value : {}, path);
  const [key, ...rest] = path;
  const items: readonly Json[] = value;
  return items.flatMap((item, index) => {
    if (String(index) !== key) return [item];
    return rest.length === 0 ? [] : [cut(item, rest)];
  });
}

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
