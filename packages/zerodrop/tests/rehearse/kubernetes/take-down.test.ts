import { expect, test } from 'vitest';
import { takeDown } from '../../../src/rehearse/kubernetes/owner.ts';
import { connect } from '../../../src/rollout/kubernetes/api.ts';
import type { Answer } from '../../rollout/kubernetes/api-server.ts';
import { withApi } from '../with-api.ts';

const own = 'web-rehearsal-k3f9ab';
const application = `/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/${own}`;
const project = `/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/${own}`;
const namespace = `/api/v1/namespaces/${own}`;

interface Kept {
  readonly objects: Map<string, object>;
  readonly asked: string[];
}

/** Takes a play down on an API that keeps these objects; `forbidden` may not be deleted. */
async function takenDown(kept: Kept, keepNamespace: boolean, forbidden?: string): Promise<void> {
  const answer: Answer = (request, response, { pathname }) => {
    const { method } = request;
    if (pathname === '/version') return void response.end('{}');
    if (method !== 'GET') kept.asked.push(`${method} ${pathname}`);
    const found = kept.objects.get(pathname);
    if (method === 'DELETE' && pathname === forbidden)
      return void response.writeHead(403).end('{"message":"not yours"}');
    if (found === undefined) return void response.writeHead(404).end('{}');
    if (method === 'DELETE') kept.objects.delete(pathname);
    // The sync of a moment ago has just ended.
    if (method === 'PATCH') kept.objects.set(pathname, {});
    response.end(JSON.stringify(found));
  };
  await withApi(answer, async () => takeDown(await connect('test'), own, keepNamespace));
}

function everything(): Kept {
  const syncing = { operation: {}, status: { operationState: { phase: 'Running' } } };
  return {
    objects: new Map<string, object>([
      [application, syncing],
      [namespace, {}],
      [`${namespace}/pods`, {}],
      [project, {}],
    ]),
    asked: [],
  };
}

test('the sync is stopped first, then Application, namespace and project go, in this order', async () => {
  const kept = everything();
  await takenDown(kept, false);

  expect(kept.asked).toEqual([
    `PATCH ${application}`,
    `DELETE ${application}`,
    `DELETE ${namespace}`,
    `DELETE ${namespace}/pods`,
    `DELETE ${project}`,
  ]);
  expect(kept.objects.size).toBe(0);
});

test('a kept namespace is not touched', async () => {
  const kept = everything();
  await takenDown(kept, true);

  expect([...kept.objects.keys()]).toEqual([namespace, `${namespace}/pods`]);
});

test('where nothing was made yet, nothing is missed', async () => {
  await expect(takenDown({ objects: new Map(), asked: [] }, false)).resolves.toBeUndefined();
});

test('what may not be deleted is named with the commands that do it by hand', async () => {
  await expect(takenDown(everything(), false, namespace)).rejects.toThrow(
    new RegExp(`not all gone.*not yours.*kubectl --context test delete --ignore-not-found namespace ${own}`, 's'),
  );
});
