import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { LeftBehind } from '../../../src/rehearse/cluster.ts';
import {
  makeTemporaryNamespace,
  removeStaleNamespaces,
  removeTemporaryNamespace,
} from '../../../src/rehearse/preflight/manifests.ts';
import { type Cluster, connect } from '../../../src/rollout/kubernetes/api.ts';
import { withApi } from '../with-api.ts';

const owner = { place: 'me@here', processId: 10 };
const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'web-staging' } };

/** A cluster that keeps namespaces. `refused` are answered with this status when they are deleted. */
async function withNamespaces<T>(
  kept: Map<string, object>,
  use: (cluster: Cluster) => Promise<T>,
  refused = 0,
): Promise<T> {
  const answer = async (request: IncomingMessage, response: ServerResponse, { pathname }: URL): Promise<void> => {
    const name = pathname.split('/')[4];
    if (request.method === 'POST') {
      const made = (await json(request)) as typeof namespace;
      if (kept.has(made.metadata.name)) return void response.writeHead(409).end('{"message":"already exists"}');
      kept.set(made.metadata.name, made);
      return void response.writeHead(201).end(JSON.stringify(made));
    }
    if (name === undefined) return void response.end(JSON.stringify({ items: [...kept.values()] }));
    if (request.method === 'DELETE' && refused > 0) {
      return void response.writeHead(refused).end('{"message":"not yours"}');
    }
    if (request.method === 'DELETE') kept.delete(name);
    response.writeHead(kept.has(name) || request.method === 'DELETE' ? 200 : 404).end('{}');
  };
  return withApi(
    (...asked) => void answer(...asked),
    async () => use(await connect('test')),
  );
}

test('a borrowed namespace says whose it is, and goes when that one is gone', async () => {
  const kept = new Map<string, object>();

  await withNamespaces(kept, async (cluster) => {
    expect(await makeTemporaryNamespace(cluster, namespace, owner)).toBe(true);
    expect(await removeStaleNamespaces(cluster, 'me@here', () => true)).toEqual([]);
    expect([...kept.keys()]).toEqual(['web-staging']);
    expect(await removeStaleNamespaces(cluster, 'me@here', () => false)).toEqual(['web-staging']);
  });

  expect(kept.size).toBe(0);
});

test('one that somebody has made meanwhile is not borrowed', async () => {
  const kept = new Map<string, object>([['web-staging', namespace]]);

  await withNamespaces(kept, async (cluster) => {
    expect(await makeTemporaryNamespace(cluster, namespace, owner)).toBe(false);
  });

  expect(kept.get('web-staging')).toEqual(namespace);
});

test('one that stays is told with the command that removes it', async () => {
  const kept = new Map<string, object>([['web-staging', namespace]]);

  await withNamespaces(
    kept,
    async (cluster) => {
      const given = removeTemporaryNamespace(cluster, 'web-staging');
      await expect(given).rejects.toThrow(LeftBehind);
      await expect(given).rejects.toThrow(
        /not yours.*Remove it by: kubectl --context test delete --ignore-not-found namespace web-staging/,
      );
    },
    403,
  );
});
