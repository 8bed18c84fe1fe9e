/** A document that remembers which of its fields were looked at. */
export interface Watched {
  /** To be handed to a validator in the document's place. */
  readonly document: object;
  /** The fields that nobody looked at. */
  unseen(): Field[];
}

/** A field by its path, such as `spec.ports[0].port`. */
export interface Field {
  readonly path: string;
  readonly value: unknown;
}

/**
 * Watches a validator read a document. The published schemas are compiled to code that accepts any further field; a
 * validator asks for every field that its schema knows, so a field it never asked for is one that it doesn't know.
 */
export function watch(document: object): Watched {
  const seen = new Map<object, Set<PropertyKey>>();
  const proxies = new WeakMap<object, object>();

  const observe = (value: object): object => {
    const known = proxies.get(value);
    if (known !== undefined) return known;
    const proxy = new Proxy(value, {
      get(target, key): unknown {
        const keys = seen.get(target) ?? new Set();
        seen.set(target, keys.add(key));
        const child: unknown = Reflect.get(target, key);
        return typeof child === 'object' && child !== null ? observe(child) : child;
      },
    });
    proxies.set(value, proxy);
    return proxy;
  };

  const unseen = (value: unknown, path: string): Field[] => {
    if (Array.isArray(value)) return value.flatMap((item, index) => unseen(item, `${path}[${index}]`));
    if (typeof value !== 'object' || value === null) return [];
    const keys = seen.get(value);
    // An object that was never looked into may hold anything.
    if (keys === undefined) return [];
    return Object.entries(value).flatMap(([key, child]) => {
      const childPath = path === '' ? key : `${path}.${key}`;
      return keys.has(key) ? unseen(child, childPath) : [{ path: childPath, value: child }];
    });
  };

  return { document: observe(document), unseen: () => unseen(document, '') };
}
