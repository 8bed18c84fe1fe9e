import { Environment } from '@marcbachmann/cel-js';
import { isRecord, says } from '../../settings/sentences.ts';
import { checks } from './checks/checks.ts';
import { conditionFindings, numberFindings } from './checks/fields.ts';
import { ruleFindings } from './checks/rules.ts';
import { type Fields, type Finding, quantityFault, under } from './grammar.ts';
import { type CelRule, type Schema, schemaNamed } from './schema/schema.ts';

/**
 * What an API server refuses in a value of a schema under server-side apply: fields that it does not know, values of another type,
 * list items with the same key; and what the checks of that schema say.
 */
function* structureFindings(schema: Schema, value: unknown): Generator<Finding> {
  if (schema.ref !== null) {
    yield* namedFindings(schema.ref, value);
    return;
  }
  if (schema.type === null) return;
  const fault = valueFault(schema, value);
  if (fault !== null) {
    yield { path: '', says: fault };
    return;
  }
  const inside = Array.isArray(value)
    ? listFindings(schema, value)
    : isRecord(value)
      ? fieldFindings(schema, value)
      : [];
  let isSound = true;
  for (const finding of inside) {
    isSound = false;
    yield finding;
  }
  // As on an API server: rules read a value that has the right form.
  if (isSound) yield* celFindings(schema, value);
}

/** The same of a value of the schema of that name, with the checks that belong to it. */
export function* namedFindings(name: string, value: unknown): Generator<Finding> {
  if (name === 'io.k8s.apimachinery.pkg.api.resource.Quantity') {
    const fault = quantityFault(value);
    if (fault !== null) yield { path: '', says: fault };
    return;
  }
  yield* structureFindings(schemaNamed(name), value);
  if (!isRecord(value)) return;
  const definition = name.slice(name.lastIndexOf('.') + 1);
  if (name.startsWith('io.k8s.api.')) {
    yield* numberFindings(definition, value);
    yield* ruleFindings(definition, value);
    yield* conditionFindings(definition, value);
  }
  yield* checks[definition]?.(value) ?? [];
}

function* fieldFindings({ properties, required, values, open }: Schema, fields: Fields): Generator<Finding> {
  for (const name of required) {
    if (fields[name] === undefined) yield { path: name, says: 'is missing' };
  }
  for (const [name, value] of Object.entries(fields)) {
    const schema = properties.get(name) ?? values;
    if (schema === null) {
      if (!open) yield { path: name, says: 'is a field not declared in schema. Correct its name, or remove it' };
    } else if (value !== undefined) {
      yield* under(name, structureFindings(schema, value));
    }
  }
}

function* listFindings(schema: Schema, list: readonly unknown[]): Generator<Finding> {
  const { items, keys, isSet, minItems, maxItems } = schema;
  const [fewest, most] = [minItems ?? 0, maxItems ?? Infinity];
  if (list.length < fewest || list.length > most) {
    const expected = list.length < fewest ? `${fewest} or more` : `at most ${most}`;
    yield { path: '', says: `has ${list.length} entries. Expected ${expected}` };
  }
  const seen = new Set<string>();
  for (const [index, item] of list.entries()) {
    if (items !== null) yield* under(`[${index}]`, structureFindings(items, item));
    const key = keys !== null && items !== null ? keyOf(items, keys, item) : isSet ? JSON.stringify(item) : null;
    if (key === null) continue;
    if (seen.has(key)) yield { path: '', says: `has duplicate entries for key [${key}]. Keep one of them` };
    seen.add(key);
  }
}

/** What tells an item from the others, as the API server writes it. */
function keyOf(items: Schema, keys: readonly string[], item: unknown): string | null {
  if (!isRecord(item)) return null;
  const { properties } = items.ref === null ? items : schemaNamed(items.ref);
  const parts = keys.toSorted().flatMap((key) => {
    const value = item[key] ?? properties.get(key)?.default;
    return value === undefined ? [] : [`${key}=${JSON.stringify(value)}`];
  });
  return parts.join(',');
}

const expected: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'text in quotes',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  'int-or-string': 'a whole number or text',
};

function valueFault(schema: Schema, value: unknown): string | null {
  const { type, format, minimum, maximum } = schema;
  if (type !== null && !isOfType(type, value)) return `${said(value)}. Expected ${expected[type] ?? type}`;
  if (typeof value === 'number') {
    const [least, most] = [minimum ?? lowest(format), maximum ?? highest(format)];
    if (value < least || value > most) return `is ${value}. Expected a number from ${least} to ${most}`;
  }
  if (schema.enum !== null && !schema.enum.includes(value))
    return `${said(value)}. Expected one of ${schema.enum.join(', ')}`;
  if (typeof value !== 'string') return null;
  const [shortest, longest] = [schema.minLength ?? 0, schema.maxLength ?? Infinity];
  if (value.length < shortest || value.length > longest) {
    return `has ${value.length} characters. Expected ${longest === Infinity ? `${shortest} or more` : `at most ${longest}`}`;
  }
  if (schema.pattern !== null && !new RegExp(schema.pattern, 'u').test(value)) {
    return `${said(value)}. Expected text that matches ${schema.pattern}`;
  }
  if (format === 'byte' && !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value)) {
    // Not quoted: it may be a secret that was not encoded.
    return 'is not base64. Encode it';
  }
  if (format === 'date-time' && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(value)) {
    return `${said(value)}. Expected a time such as 2026-01-31T12:00:00Z`;
  }
  return null;
}

function isOfType(type: string, value: unknown): boolean {
  if (type === 'object') return isRecord(value) && !(value instanceof Date);
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isSafeInteger(value);
  if (type === 'number') return typeof value === 'number' && Number.isFinite(value);
  if (type === 'int-or-string') return typeof value === 'string' || isInt32(value);
  return typeof value === type;
}

function isInt32(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31;
}

function lowest(format: string | null): number {
  return format === 'int32' ? -(2 ** 31) : -Infinity;
}

function highest(format: string | null): number {
  return format === 'int32' ? 2 ** 31 - 1 : Infinity;
}

function said(value: unknown): string {
  return value instanceof Date ? `is the time ${value.toISOString()}` : says(value);
}

const environment = new Environment({ unlistedVariablesAreDyn: true });
const parsed = new Map<string, (variables: object) => unknown>();

/** What the rules of a definition say of a value: each by its own message (kubernetes.io, CustomResourceDefinitions, "Validation rules"). */
function* celFindings(schema: Schema, value: unknown): Generator<Finding> {
  if (schema.rules.length === 0) return;
  const self = celValue(schema, value);
  for (const rule of schema.rules) {
    if (!holds(rule, self)) yield { path: '', says: `breaks a rule of its kind: ${rule.message.replace(/\.$/, '')}` };
  }
}

/** A rule that can't be answered here is left to the API server: the library takes no `has()` of an item of a list, as four rules have it. */
function holds({ rule }: CelRule, self: unknown): boolean {
  const ask = parsed.get(rule) ?? environment.parse(rule);
  parsed.set(rule, ask);
  try {
    return ask({ self }) === true;
  } catch {
    return true;
  }
}

/** Words of CEL, which a field that is called so is escaped for. */
const reserved = new Set(
  (
    'true false null in as break const continue else for function if import let loop package namespace return var ' +
    'void while'
  ).split(' '),
);

function fieldName(name: string): string {
  if (reserved.has(name)) return `__${name}__`;
  return name
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__');
}

/** A value as rules see it: with its defaults, whole numbers as CEL's int, and fields by their escaped names. */
function celValue(named: Schema, value: unknown): unknown {
  const schema = named.ref === null ? named : schemaNamed(named.ref);
  if (typeof value === 'number') return schema.type === 'number' || !Number.isInteger(value) ? value : BigInt(value);
  if (Array.isArray(value)) return value.map((item) => (schema.items === null ? item : celValue(schema.items, item)));
  if (!isRecord(value)) return value;
  const defaults = [...schema.properties].flatMap(([name, property]) =>
    property.default === undefined || value[name] !== undefined ? [] : [[name, property.default] as const],
  );
  const entries = [...Object.entries(value), ...defaults].filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(
    entries.map(([name, inner]) => {
      const property = schema.properties.get(name);
      if (property !== undefined) return [fieldName(name), celValue(property, inner)];
      return [name, schema.values === null ? inner : celValue(schema.values, inner)];
    }),
  );
}
