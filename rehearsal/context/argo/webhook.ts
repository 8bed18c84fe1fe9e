import { createHmac } from 'node:crypto';

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
