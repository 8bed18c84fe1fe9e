import { type Keys, locate, type Range } from '../read/location.ts';
import type { Piece } from '../read/split.ts';
import { isClusterScoped, type Kinds } from './kinds.ts';

/** What is known of an object when it is read. */
export interface Identity {
  /** The file, relative to the repository. */
  readonly path: string;
  /** The document that it stands in, and its place there: not the root where it is an item of a list. */
  readonly piece: Piece;
  readonly keys: Keys;
  readonly apiVersion: string;
  readonly kind: string;
  /** As the manifest says it. */
  readonly namespace: string | null;
  readonly name: string;
}

/** One Kubernetes object of a manifest. */
export class ManifestObject {
  readonly path: string;
  readonly apiVersion: string;
  /** The API group; empty for the core. */
  readonly group: string;
  readonly kind: string;
  /** Group and kind, such as `apps/Deployment` or `/Service`. */
  readonly type: string;
  readonly name: string;
  /** The namespace it is applied to; null for an object of the whole cluster, and where nobody says it. */
  readonly namespace: string | null;
  /** What makes two documents the same object to a cluster. The version of the API is no part of it. */
  readonly key: string;
  readonly document: unknown;
  readonly #identity: Identity;

  /** @param inNamespace the namespace that Argo CD fills in where the manifest names none */
  constructor(identity: Identity, document: unknown, inNamespace: string | null = null) {
    const { apiVersion, kind, name, path, namespace } = identity;
    this.path = path;
    this.apiVersion = apiVersion;
    this.group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
    this.kind = kind;
    this.type = `${this.group}/${kind}`;
    this.name = name;
    this.namespace = isClusterScoped(this.group, kind) ? null : (namespace ?? inNamespace);
    this.key = `${this.type}/${this.namespace ?? ''}/${name}`;
    this.document = document;
    this.#identity = identity;
  }

  /** The same object as an application applies it that fills in this namespace. */
  within(namespace: string | null): ManifestObject {
    if (this.#identity.namespace !== null || namespace === null) return this;
    return new ManifestObject(this.#identity, this.document, namespace);
  }

  /** How sentences name it, such as `Deployment web-staging/web`. */
  get title(): string {
    return `${this.kind} ${this.namespace === null ? this.name : `${this.namespace}/${this.name}`}`;
  }

  /** True where the manifest itself names a namespace. */
  get namesNamespace(): boolean {
    return this.#identity.namespace !== null;
  }

  /** Its typed fields; null where it is of another kind. The key is `group/Kind`, such as `apps/Deployment` or `/Service`. */
  as<Kind extends keyof Kinds>(kind: Kind): Field<Kinds[Kind]> | null {
    return kind === this.type ? new Field<Kinds[Kind]>(this, [], this.document) : null;
  }

  is(...kinds: readonly (keyof Kinds)[]): boolean {
    for (const kind of kinds) if (kind === this.type) return true;
    return false;
  }

  /** A field of whatever kind it is. */
  field(...keys: Keys): Field<never> {
    return new Field<never>(this, keys, valueAt(this.document, keys));
  }

  /** The value of an annotation; undefined where it has none, or one that is no text. */
  annotation(name: string): string | undefined {
    return this.field('metadata', 'annotations', name).text;
  }

  range(keys: Keys): Range {
    const { piece, keys: own } = this.#identity;
    return locate(piece.text, piece.line, [...own, ...keys]);
  }

  /** The text of a field that stands on one line, with its key; null for one that does not. */
  source(keys: Keys): string | null {
    const { piece } = this.#identity;
    const { line, endLine, column, endColumn } = this.range(keys);
    if (line !== endLine) return null;
    return piece.text.split('\n')[line - piece.line]?.slice(column - 1, endColumn - 1) ?? null;
  }

  static lineIn(piece: Piece, keys: Keys): number {
    return locate(piece.text, piece.line, keys).line;
  }
}

/** What the type of a field has below a key. */
type At<T, K> =
  NonNullable<T> extends readonly (infer Item)[]
    ? K extends number
      ? Item
      : never
    : K extends keyof NonNullable<T>
      ? NonNullable<T>[K]
      : never;

/** The keys that a field of this type can have. */
type KeyOf<T> = NonNullable<T> extends readonly unknown[] ? number : keyof NonNullable<T> & string;

type ItemOf<T> = NonNullable<T> extends readonly (infer Item)[] ? Item : never;

/**
 * A field of an object, whether the manifest sets it or not. `T` is its type in Kubernetes' API and decides which paths
 * compile; the value is whatever the file says, so it is read through {@link text}, {@link number} and the like.
 */
export class Field<T> {
  readonly object: ManifestObject;
  /** What the manifest says; undefined where it says nothing or null, which Kubernetes takes for nothing. */
  readonly value: unknown;
  readonly #above: Field<unknown> | null;
  readonly #keys: Keys;

  /** @param keys the path from the object, or from the field that it is reached by */
  constructor(object: ManifestObject, keys: Keys, value: unknown, above: Field<unknown> | null = null) {
    this.object = object;
    this.value = value ?? undefined;
    this.#above = above;
    this.#keys = keys;
  }

  /** The path from the object. Put together when it is asked for, since rules look at far more fields than they find fault with. */
  get keys(): Keys {
    return this.#above === null ? this.#keys : [...this.#above.keys, ...this.#keys];
  }

  at<A extends KeyOf<T>>(a: A): Field<At<T, A>>;
  at<A extends KeyOf<T>, B extends KeyOf<At<T, A>>>(a: A, b: B): Field<At<At<T, A>, B>>;
  at<A extends KeyOf<T>, B extends KeyOf<At<T, A>>, C extends KeyOf<At<At<T, A>, B>>>(
    a: A,
    b: B,
    c: C,
  ): Field<At<At<At<T, A>, B>, C>>;
  at<
    A extends KeyOf<T>,
    B extends KeyOf<At<T, A>>,
    C extends KeyOf<At<At<T, A>, B>>,
    D extends KeyOf<At<At<At<T, A>, B>, C>>,
  >(a: A, b: B, c: C, d: D): Field<At<At<At<At<T, A>, B>, C>, D>>;
  at(...keys: Keys): Field<never> {
    return new Field<never>(this.object, keys, valueAt(this.value, keys), this);
  }

  /** A field of a kind that has no type here, or whose keys are data. */
  loose(...keys: Keys): Field<never> {
    return new Field<never>(this.object, keys, valueAt(this.value, keys), this);
  }

  /** The items of a list; none where it is no list. */
  items(): readonly Field<ItemOf<T>>[] {
    const list: readonly unknown[] = Array.isArray(this.value) ? this.value : [];
    return list.map((item, index) => new Field<ItemOf<T>>(this.object, [index], item, this));
  }

  /** The items of a list of a kind that has no type here. */
  each(): readonly Field<never>[] {
    const list: readonly unknown[] = Array.isArray(this.value) ? this.value : [];
    return list.map((item, index) => new Field<never>(this.object, [index], item, this));
  }

  /** The keys and values of a map; none where it is no map. */
  entries(): readonly (readonly [string, unknown])[] {
    return isRecord(this.value) ? Object.entries(this.value) : [];
  }

  get isSet(): boolean {
    return this.value !== undefined;
  }

  get text(): string | undefined {
    return typeof this.value === 'string' ? this.value : undefined;
  }

  get number(): number | undefined {
    return typeof this.value === 'number' ? this.value : undefined;
  }
}

/** The value below a path of keys; undefined where a step of it is missing. */
export function valueAt(root: unknown, keys: Keys): unknown {
  let value = root;
  for (const key of keys) {
    if (typeof key === 'number') value = Array.isArray(value) ? value[key] : undefined;
    else value = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value;
}

/** True for a map of YAML or JSON: an object that is no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const factors: Readonly<Record<string, number>> = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A quantity of Kubernetes, such as `500m` or `64Mi`, as a number; null for what is none. */
export function quantity(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return null;
  const [, number, unit] = /^([+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(value.trim()) ?? [];
  const factor = unit !== undefined && Object.hasOwn(factors, unit) ? factors[unit] : undefined;
  return number === undefined || factor === undefined ? null : Number(number) * factor;
}
