import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiError, type Cluster, isGone, read } from './api.ts';

/** What a watched object must tell of itself. */
export interface Watched {
  readonly metadata: { readonly uid: string; readonly resourceVersion: string };
}

/** Objects of one kind: where the API keeps them, and which of them. */
export interface Collection {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
}

/** Hears of all objects at each change. `changed` is null for a list, where nobody knows what changed. */
export type Tell<T> = (objects: readonly T[], changed: T | null) => void;

interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T;
}

/** The API server ends a watch after this time, so that a connection that was lost without a word is noticed. */
const watchSeconds = 120;
const reconnectAfterMs = 200;
const retryAfterMs = 1_000;

/**
 * Lists a collection, tells it, and goes on telling its changes until the signal ends it. Resolves after the first list with a
 * promise of the end; throws where the first list fails, for that is a missing right or kind and not a passing trouble.
 */
export async function follow<T extends Watched>(
  cluster: Cluster,
  collection: Collection,
  tell: Tell<T>,
  signal: AbortSignal,
): Promise<{ readonly ended: Promise<void> }> {
  const objects = new Map<string, T>();
  let version: string | null = null;

  const relist = async (): Promise<void> => {
    const list = await read<{ metadata: { resourceVersion: string }; items: readonly T[] }>(
      cluster,
      collection.path,
      collection.query,
    );
    objects.clear();
    for (const object of list.items) objects.set(object.metadata.uid, object);
    version = list.metadata.resourceVersion;
    tell([...objects.values()], null);
  };

  const hear = ({ type, object }: WatchEvent<T>): void => {
    if (type === 'ERROR') throw errorEvent(object);
    version = object.metadata.resourceVersion;
    if (type === 'BOOKMARK') return;
    if (type === 'DELETED') objects.delete(object.metadata.uid);
    else objects.set(object.metadata.uid, object);
    tell([...objects.values()], object);
  };

  const keepOn = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        if (version === null) await relist();
        await watchOnce(cluster, collection, version ?? '', hear, signal);
        await pause(reconnectAfterMs, undefined, { signal });
      } catch (error) {
        if (isGone(error)) version = null;
        else if (!signal.aborted) await pause(retryAfterMs, undefined, { signal }).catch(() => undefined);
      }
    }
  };

  await relist();
  return { ended: keepOn() };
}

/** Watches until the server ends it. Throws where the connection breaks or the server says an error. */
async function watchOnce<T>(
  cluster: Cluster,
  { path, query }: Collection,
  version: string,
  hear: (event: WatchEvent<T>) => void,
  signal: AbortSignal,
): Promise<void> {
  const overdue = AbortSignal.timeout((watchSeconds + 15) * 1_000);
  const stream = await cluster.stream({
    method: 'GET',
    path,
    query: {
      ...query,
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: version,
      timeoutSeconds: String(watchSeconds),
    },
    signal: AbortSignal.any([signal, overdue]),
  });
  try {
    for await (const line of createInterface({ input: stream })) {
      if (line !== '') hear(JSON.parse(line) as WatchEvent<T>);
    }
  } finally {
    stream.destroy();
  }
}

function errorEvent(status: unknown): ApiError {
  const { code, message } = status as { readonly code?: number; readonly message?: string };
  return new ApiError(code ?? 0, message ?? 'The watch ended with an error without a message.');
}
