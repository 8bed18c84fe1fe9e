import { type Keys, locate, type Range } from '../read/location.ts';
import type { Piece } from '../read/split.ts';
import { Field, valueAt } from './field.ts';
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
