import type { ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { type Cluster, connect } from 'zerodrop/rollout';
import { serveApi } from 'zerodrop/tests/rollout/kubernetes/api-server.ts';

interface Stored {
  readonly metadata: { readonly name: string };
}

/** A Kubernetes API with the objects that a test puts there, which can be listed and watched. */
export interface TestCluster {
  readonly cluster: Cluster;
  /** Puts an object into the collection of this path, in the place of the one with its name. */
  put(collection: string, object: Stored): void;
  /** Runs before each refresh of an application is answered. */
  onRefresh(look: () => void): void;
  /** Whether somebody watches a collection. */
  isWatched(): boolean;
  /** Refuses each refresh. */
  refuseRefresh(): void;
  /** How the log of any pod is answered. */
  logs(status: number, body: string): void;
}

interface Kept extends Stored {
  readonly metadata: Stored['metadata'] & { readonly resourceVersion: string };
}

const idle = (): void => undefined;

/** Serves an empty cluster, gone when the test ends. */
export async function emptyCluster(): Promise<TestCluster> {
  const collections = new Map<string, Map<string, Kept>>();
  const watches = new Map<string, Set<ServerResponse>>();
  let version = 0;
  let look = idle;
  let isRefreshing = true;
  let log = { status: 200, body: '' };
  const { kubeconfig, close } = await serveApi((request, response, url) => {
    if (request.method === 'PATCH' && !isRefreshing) return void response.writeHead(403).end('not by you');
    if (request.method === 'PATCH') look();
    if (url.pathname.endsWith('/log')) return void response.writeHead(log.status).end(log.body);
    if (url.searchParams.has('watch')) {
      const listening = watches.get(url.pathname) ?? new Set();
      watches.set(url.pathname, listening.add(response));
      response.once('close', () => listening.delete(response));
      response.writeHead(200).flushHeaders();
      const seen = Number(url.searchParams.get('resourceVersion'));
      for (const object of collections.get(url.pathname)?.values() ?? []) {
        if (Number(object.metadata.resourceVersion) > seen)
          response.write(`${JSON.stringify({ type: 'MODIFIED', object })}\n`);
      }
      return;
    }
    const items = [...(collections.get(url.pathname)?.values() ?? [])];
    response.end(JSON.stringify({ metadata: { resourceVersion: String(version) }, items }));
  });
  const before = process.env['KUBECONFIG'];
  process.env['KUBECONFIG'] = kubeconfig;
  onTestFinished(async () => {
    if (before === undefined) delete process.env['KUBECONFIG'];
    else process.env['KUBECONFIG'] = before;
    await close();
  });
  return {
    cluster: await connect('test'),
    onRefresh: (hear) => (look = hear),
    isWatched: () => [...watches.values()].some(({ size }) => size > 0),
    refuseRefresh: () => void (isRefreshing = false),
    logs: (status, body) => (log = { status, body }),
    put(collection, object) {
      version += 1;
      const stored = {
        ...object,
        metadata: { uid: object.metadata.name, ...object.metadata, resourceVersion: String(version) },
      };
      const objects = collections.get(collection) ?? new Map<string, Kept>();
      const type = objects.has(object.metadata.name) ? 'MODIFIED' : 'ADDED';
      collections.set(collection, objects.set(object.metadata.name, stored));
      for (const response of watches.get(collection) ?? []) {
        response.write(`${JSON.stringify({ type, object: stored })}\n`);
      }
    },
  };
}
