import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cluster, connect } from '../../../src/rollout/kubernetes/api.ts';
import type { Watched } from '../../../src/rollout/kubernetes/api.ts';
import { follow } from '../../../src/rollout/kubernetes/observe.ts';
import { type Answer, serveApi } from './api-server.ts';

const path = '/api/v1/pods';
const before = process.env['KUBECONFIG'];
let stop: AbortController;

beforeEach(() => {
  stop = new AbortController();
});

afterEach(() => {
  if (before === undefined) delete process.env['KUBECONFIG'];
  else process.env['KUBECONFIG'] = before;
});

function object(uid: string, resourceVersion: string): Watched {
  return { metadata: { uid, resourceVersion } };
}

function list(resourceVersion: string, ...items: readonly Watched[]): string {
  return JSON.stringify({ metadata: { resourceVersion }, items });
}

function send(response: ServerResponse, type: string, what: unknown): void {
  response.write(`${JSON.stringify({ type, object: what })}\n`);
}

/** Follows pods on an API that answers like this, until `enough` names of what is there were told. */
async function toldBy(answer: Answer, enough: number): Promise<string[][]> {
  const api = await serveApi((request, response, url) => {
    if (url.pathname === path) answer(request, response, url);
    else response.end('{}');
  });
  process.env['KUBECONFIG'] = api.kubeconfig;
  const told: string[][] = [];
  try {
    const cluster: Cluster = await connect('test');
    const tell = (objects: readonly Watched[]): void => {
      told.push(objects.map(({ metadata }) => `${metadata.uid}:${metadata.resourceVersion}`));
      if (told.length === enough) stop.abort();
    };
    const { ended } = await follow<Watched>(cluster, { path }, tell, stop.signal);
    await ended;
  } finally {
    stop.abort();
    await api.close();
  }
  return told;
}

test('a list is told, and then each change, from the version of the list on', async () => {
  const told = await toldBy((_, response, url) => {
    if (!url.searchParams.has('watch')) return void response.end(list('10', object('a', '9')));
    expect(url.searchParams.get('resourceVersion')).toBe('10');
    send(response, 'ADDED', object('b', '11'));
    send(response, 'MODIFIED', object('a', '12'));
    send(response, 'DELETED', object('b', '13'));
  }, 4);

  expect(told).toEqual([['a:9'], ['a:9', 'b:11'], ['a:12', 'b:11'], ['a:12']]);
});

test('a watch that ends goes on from the last version that it saw, bookmarks included', async () => {
  const versions: (string | null)[] = [];
  const told = await toldBy((_, response, url) => {
    if (!url.searchParams.has('watch')) return void response.end(list('10'));
    versions.push(url.searchParams.get('resourceVersion'));
    if (versions.length === 1) {
      send(response, 'BOOKMARK', { metadata: { resourceVersion: '20' } });
      response.end();
    } else {
      send(response, 'ADDED', object('a', '21'));
    }
  }, 2);

  expect(versions).toEqual(['10', '20']);
  expect(told).toEqual([[], ['a:21']]);
});

test('a connection that breaks is made again', async () => {
  let watches = 0;
  const told = await toldBy((_, response, url) => {
    if (!url.searchParams.has('watch')) return void response.end(list('10'));
    watches += 1;
    if (watches === 1) return void response.destroy();
    send(response, 'ADDED', object('a', '11'));
  }, 2);

  expect(told).toEqual([[], ['a:11']]);
});

test('one that breaks in the middle of a watch goes on from what it saw', async () => {
  const versions: (string | null)[] = [];
  const told = await toldBy((request, response, url) => {
    if (!url.searchParams.has('watch')) return void response.end(list('10'));
    versions.push(url.searchParams.get('resourceVersion'));
    send(response, 'ADDED', object('a', versions.length === 1 ? '11' : '12'));
    // Half an event is no event.
    if (versions.length === 1) response.write('{"type":"ADDED","obj', () => request.socket.resetAndDestroy());
  }, 3);

  expect(versions).toEqual(['10', '11']);
  expect(told).toEqual([[], ['a:11'], ['a:12']]);
});

test.each(['as an event', 'as an answer'])('a version that is gone, said %s, is listed anew', async (how) => {
  let lists = 0;
  const told = await toldBy((_, response, url) => {
    if (!url.searchParams.has('watch')) {
      lists += 1;
      return void response.end(lists === 1 ? list('10', object('a', '9')) : list('90', object('b', '89')));
    }
    if (how === 'as an event') {
      send(response, 'ERROR', { kind: 'Status', code: 410, message: 'too old resource version' });
    } else {
      response.statusCode = 410;
    }
    response.end();
  }, 2);

  expect(told).toEqual([['a:9'], ['b:89']]);
});

test('a first list that is refused is thrown, not tried for ever', async () => {
  const refused = toldBy((_, response) => {
    response.statusCode = 403;
    response.end();
  }, 1);

  await expect(refused).rejects.toThrow('GET /api/v1/pods was refused with HTTP 403');
});
