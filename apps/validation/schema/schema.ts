import { isRecord } from '../../../settings/sentences.ts';
// Both are derived by derive.ts beside them.
import definitions from './definitions.json' with { type: 'json' };
import kubernetes from './kubernetes.json' with { type: 'json' };

/** A rule of a definition in CEL, about the value as `self`, and what to say where it does not hold. */
export interface CelRule {
  readonly rule: string;
  readonly message: string;
}

/** What an API server says of one value. */
export interface Schema {
  /** The name of the schema to take instead. */
  readonly ref: string | null;
  /** Null for a value of any type. */
  readonly type: string | null;
  readonly format: string | null;
  readonly enum: readonly unknown[] | null;
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly minLength: number | null;
  readonly maxLength: number | null;
  readonly minItems: number | null;
  readonly maxItems: number | null;
  readonly pattern: string | null;
  readonly required: readonly string[];
  /** What an absent value counts as. */
  readonly default: unknown;
  readonly properties: ReadonlyMap<string, Schema>;
  /** Of a list. */
  readonly items: Schema | null;
  /** Of a map with keys of the author's choice. */
  readonly values: Schema | null;
  /** True for an object that may have any further field. */
  readonly open: boolean;
  /** The fields by which server-side apply tells a list's items apart; null for a list that it takes as a whole. */
  readonly keys: readonly string[] | null;
  /** True for a list whose items are told apart by their values. */
  readonly isSet: boolean;
  /** Of one value: a rule about a change of it needs the value before. */
  readonly rules: readonly CelRule[];
}

/** A kind that can be applied. */
export interface Kind {
  /** The name of its schema. */
  readonly schema: string;
  readonly namespaced: boolean;
}

const data: Readonly<Record<string, unknown>> = kubernetes;
const schemas = new Map(Object.entries(recordOf(data['schemas'])));

/** The version that the schemas are of, such as v1.35.4. */
export const kubernetesVersion = String(data['version']);

const kinds = new Map<string, Kind>(
  Object.entries(recordOf(data['kinds'])).map(([name, kind]) => {
    const { schema, namespaced } = recordOf(kind);
    return [name, { schema: String(schema), namespaced: namespaced === true }];
  }),
);
const groups = new Set([...kinds.keys()].map((name) => groupOf(name)).filter((group) => group !== 'argoproj.io'));

/** The API groups of others whose kinds are known: the Gateway API's, Google's for it, and those of its managed Prometheus. */
const customGroups = new Set(['argoproj.io']);

for (const definition of definitions.definitions) {
  const { group, names, scope, versions } = definition.spec;
  customGroups.add(group);
  for (const { name, schema } of versions) {
    const own = `${group}.${name}.${names.kind}`;
    const { properties, ...rest } = recordOf(schema.openAPIV3Schema);
    const metadata = { ref: 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' };
    schemas.set(own, { ...rest, properties: { ...recordOf(properties), metadata } });
    kinds.set(`${group}/${name} ${names.kind}`, { schema: own, namespaced: scope === 'Namespaced' });
  }
}

/** True for a group whose kinds a CustomResourceDefinition describes: its schemas take no null. */
export function isCustomGroup(apiVersion: string): boolean {
  return customGroups.has(groupOf(apiVersion));
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

/** The kind of that name; null where Kubernetes and Argo CD have none. */
export function kindNamed(apiVersion: string, kind: string): Kind | null {
  return kinds.get(`${apiVersion} ${kind}`) ?? null;
}

/**
 * True for an API group of Kubernetes itself: what it does not know there, no cluster serves. Groups of others have a dot in their names,
 * and `extensions` is one that was.
 */
export function isOwnGroup(apiVersion: string): boolean {
  const group = groupOf(apiVersion);
  return groups.has(group) || !group.includes('.');
}

const read = new Map<string, Schema>();

/** The schema of that name, such as `io.k8s.api.core.v1.PodSpec`. */
export function schemaNamed(name: string): Schema {
  const known = read.get(name);
  if (known !== undefined) return known;
  const schema = schemaOf(schemas.get(name));
  read.set(name, schema);
  return schema;
}

function schemaOf(value: unknown): Schema {
  const schema = recordOf(value);
  const text = (key: string): string | null => (typeof schema[key] === 'string' ? schema[key] : null);
  const number = (key: string): number | null => (typeof schema[key] === 'number' ? schema[key] : null);
  const list = (key: string): readonly unknown[] | null => (Array.isArray(schema[key]) ? schema[key] : null);
  const properties = isRecord(schema['properties']) ? Object.entries(schema['properties']) : [];
  const nested = (key: string): Schema | null => (schema[key] === undefined ? null : schemaOf(schema[key]));
  const values = nested('additionalProperties');
  return {
    ref: text('ref'),
    type: schema['x-kubernetes-int-or-string'] === true ? 'int-or-string' : text('type'),
    format: text('format'),
    enum: list('enum'),
    minimum: number('minimum'),
    maximum: number('maximum'),
    minLength: number('minLength'),
    maxLength: number('maxLength'),
    minItems: number('minItems'),
    maxItems: number('maxItems'),
    pattern: text('pattern'),
    required: list('required')?.map(String) ?? [],
    default: schema['default'],
    properties: new Map(properties.map(([key, property]) => [key, schemaOf(property)])),
    items: nested('items'),
    values,
    open:
      schema['open'] === true ||
      schema['x-kubernetes-preserve-unknown-fields'] === true ||
      (schema['type'] === 'object' && properties.length === 0 && values === null),
    keys: list('x-kubernetes-list-map-keys')?.map(String) ?? null,
    isSet: schema['x-kubernetes-list-type'] === 'set',
    rules: (list('x-kubernetes-validations') ?? []).flatMap(celRule),
  };
}

function celRule(value: unknown): readonly CelRule[] {
  const { rule, message } = recordOf(value);
  const text = String(rule);
  return /\boldSelf\b/.test(text) ? [] : [{ rule: text, message: typeof message === 'string' ? message : text }];
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) throw new Error(`schema/kubernetes.json has ${JSON.stringify(value)} where an object belongs.`);
  return value;
}
