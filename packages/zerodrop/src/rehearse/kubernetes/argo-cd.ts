import { createHmac } from 'node:crypto';
import { ApiError, type Cluster, isNotFound, read } from '../../rollout/kubernetes/api.ts';
import { applicationsPath } from '../../rollout/kubernetes/objects.ts';
import { withSpec } from '../manifests/changes.ts';
import { at, isFields, type Manifest } from '../manifests/object.ts';
import { argoNamespace, marked, type Owner } from './owner.ts';

/** The two objects that make Argo CD follow a repository. */
export interface ArgoObjects {
  readonly project: Manifest;
  readonly application: Manifest;
}

/**
 * The objects of a clone under a name of the play's own, and following `branch`. All else that is the play's own, repository and
 * namespaces, they have already. Without finalizers: the Application must go without taking anything along, because
 * `Delete=confirm` on the namespace would hold it up. An Application of the project `default` gets one that permits all.
 */
export function ownObjects(
  { project, application }: { readonly project: Manifest | null; readonly application: Manifest },
  own: string,
  branch: string,
  owner: Owner,
): ArgoObjects {
  const source = at(application, 'spec', 'source');
  const permitting = project ?? {
    ...open,
    metadata: { name: own, namespace: application.metadata.namespace ?? 'argocd' },
  };
  return {
    project: { ...permitting, metadata: named(permitting.metadata, own, owner) },
    application: {
      ...withSpec(application, {
        project: own,
        ...(isFields(source) ? { source: { ...source, targetRevision: branch } } : {}),
      }),
      metadata: named(application.metadata, own, owner),
    },
  };
}

const open = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  spec: {
    sourceRepos: ['*'],
    destinations: [{ server: '*', namespace: '*' }],
    clusterResourceWhitelist: [{ group: '*', kind: '*' }],
  },
};

function named(rendered: Manifest['metadata'], name: string, owner: Owner): Manifest['metadata'] {
  const { finalizers: _, ...metadata } = rendered;
  return { ...marked({ ...metadata, name }, owner) };
}

/** Throws a sentence where the cluster has no Argo CD. */
export async function requireArgoCd(cluster: Cluster): Promise<void> {
  await insist(cluster, `${applicationsPath(argoNamespace)}?limit=1`, 'it does not know the kind Application');
  // The kind outlives an Argo CD that was removed, and is the same for one in another namespace. Argo CD does not start
  // without this ConfigMap.
  const configuration = `/api/v1/namespaces/${argoNamespace}/configmaps/argocd-cm`;
  // Who may not read it may still rehearse.
  await insist(cluster, configuration, `the namespace ${argoNamespace} has no ConfigMap argocd-cm`).catch(
    (error: unknown) => {
      if (!(error instanceof ApiError && error.status === 403)) throw error;
    },
  );
}

async function insist(cluster: Cluster, path: string, otherwise: string): Promise<void> {
  try {
    await read(cluster, path);
  } catch (cause) {
    if (!isNotFound(cause)) throw cause;
    throw new Error(
      `The cluster of context ${cluster.context} has no Argo CD that follows ${argoNamespace}: ${otherwise}. Install Argo CD 3 in that namespace: https://argo-cd.readthedocs.io/en/stable/getting_started/`,
      { cause },
    );
  }
}

/** Argo CD's webhook, `https://HOST/api/webhook`, and the secret that its deliveries are signed with, if any. */
export interface Webhook {
  readonly url: string;
  readonly secret: string | null;
}

/** A push as a repository would tell of it. */
export interface Push {
  readonly repository: string;
  readonly branch: string;
  readonly commit: string;
}

/** Tells Argo CD of a push in GitHub's words. Throws where it does not take them. */
export async function tellPush(webhook: Webhook, push: Push): Promise<void> {
  await deliver(webhook, 'push', pushPayload(push));
}

/** Tries the webhook out with a ping, so that a wrong secret is noticed before the play and not in the middle. */
export async function pingWebhook(webhook: Webhook): Promise<void> {
  await deliver(webhook, 'ping', { zen: 'Try it out before you rely on it.' });
}

/** The fields that Argo CD matches applications by (argo-cd/util/webhook/webhook.go); `clone_url` alone does not count. */
export function pushPayload({ repository, branch, commit }: Push): object {
  return {
    ref: `refs/heads/${branch}`,
    before: '0'.repeat(40),
    after: commit,
    repository: { html_url: repository.replace(/\.git$/, ''), default_branch: branch },
    commits: [],
  };
}

async function deliver({ url, secret }: Webhook, event: string, payload: object): Promise<void> {
  const body = JSON.stringify(payload);
  const headers = { 'content-type': 'application/json', 'x-github-event': event };
  const answer = await fetch(url, {
    method: 'POST',
    body,
    headers: secret === null ? headers : { ...headers, 'x-hub-signature-256': signature(secret, body) },
    signal: AbortSignal.timeout(10_000),
  }).catch((cause: Error) => {
    throw new Error(`--webhook ${url} does not answer. Is it Argo CD's address, with the path /api/webhook?`, {
      cause,
    });
  });
  if (answer.ok) return;
  const remedy =
    answer.status === 400 ? ' Where Argo CD has a webhook secret, set ARGOCD_WEBHOOK_SECRET to the same.' : '';
  throw new Error(
    `--webhook ${url} answered HTTP ${answer.status} to a ${event}: ${(await answer.text()).trim().slice(0, 200)}.${remedy}`,
  );
}

/** As GitHub signs: the HMAC of the very bytes that are sent. */
export function signature(secret: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}
