import { expect, test } from 'vitest';
import { startOn } from '../../../src/rehearse/kubernetes/cluster.ts';
import { connect } from '../../../src/rollout/kubernetes/api.ts';
import { rehearsed } from '../manifests/sample.ts';
import { withApi } from '../with-api.ts';

const own = 'web-rehearsal-k3f9ab';
const projects = '/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects';

/** Opens a target on a cluster that answers the making of the AppProject with this status; returns what was asked. */
async function opened(status: number): Promise<{ readonly asked: readonly string[]; readonly failure: unknown }> {
  const asked: string[] = [];
  const failure = await withApi(
    ({ method }, response, { pathname }) => {
      if (method !== 'GET') asked.push(`${method} ${pathname}`);
      if (method === 'POST') return void response.writeHead(status).end('{"message":"no"}');
      response.writeHead(pathname === '/version' ? 200 : 404).end('{}');
    },
    async () => {
      const cluster = await connect('test');
      return startOn({
        cluster,
        own,
        owner: { place: 'me@here', processId: 10 },
        rehearsed,
        branch: 'main',
        images: { publish: async () => 'registry/web:v1' },
        proxy: null,
        url: null,
        keep: false,
        ownCluster: null,
        remote: '',
        ask: async () => undefined,
        observe: () => undefined,
        signal: new AbortController().signal,
      }).catch((error: unknown) => error);
    },
  );
  return { asked, failure };
}

test('a project that may have been made without an answer is taken down', async () => {
  const { asked, failure } = await opened(504);

  expect(String(failure)).toContain('HTTP 504');
  expect(asked[0]).toBe(`POST ${projects}`);
  expect(asked).toContain(`DELETE ${projects}/${own}`);
});

test('one that was refused is not there, and nothing is deleted', async () => {
  const { asked, failure } = await opened(403);

  expect(String(failure)).toContain('HTTP 403');
  expect(asked).toEqual([`POST ${projects}`]);
});
