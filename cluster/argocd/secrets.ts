import type { Google } from '../../settings/google/resolve.ts';
import type { JsonObject } from '../terraform-json.ts';

/** What a secret is called in Secret Manager, after the cluster's own name. */
type Purpose = 'webhook' | 'single-sign-on' | 'github-app';

/** One Kubernetes Secret of Argo CD, and the secret in Secret Manager that it is made from. */
export interface CarriedSecret {
  readonly secretId: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The Secret's entries around the value. */
  readonly entries: (value: string) => Readonly<Record<string, string>>;
}

// Argo CD follows `$name:key` only into Secrets that carry it.
const partOfArgoCd = { 'app.kubernetes.io/part-of': 'argocd' };

/** The names that the chart's values use for what they must not hold. */
export const secretNames = {
  webhook: 'argocd-webhook',
  singleSignOn: 'argocd-single-sign-on',
  notifications: 'argocd-notifications-secret',
  repository: 'argocd-repository',
} as const;

/** Every Secret that the settings ask for. `repository` is the address that Argo CD reads. */
export function carriedSecrets(google: Google, repository: string): CarriedSecret[] {
  const id = (purpose: Purpose) => `${google.name}-${purpose}`;
  const carried: CarriedSecret[] = [];
  if (google.argocd.domain !== null) {
    carried.push({
      secretId: id('webhook'),
      name: secretNames.webhook,
      labels: partOfArgoCd,
      entries: (secret) => ({ secret }),
    });
  }
  if (google.argocd.singleSignOn !== null) {
    carried.push({
      secretId: id('single-sign-on'),
      name: secretNames.singleSignOn,
      labels: partOfArgoCd,
      entries: (clientSecret) => ({ clientSecret }),
    });
  }
  const app = google.github?.app;
  if (app !== undefined) {
    carried.push(
      {
        secretId: id('github-app'),
        name: secretNames.notifications,
        labels: partOfArgoCd,
        entries: (key) => ({ 'github-privateKey': key }),
      },
      {
        secretId: id('github-app'),
        name: secretNames.repository,
        labels: { ...partOfArgoCd, 'argocd.argoproj.io/secret-type': 'repository' },
        entries: (key) => ({
          type: 'git',
          url: repository,
          githubAppID: app.id,
          githubAppInstallationID: app.installationId,
          githubAppPrivateKey: key,
        }),
      },
    );
  }
  return carried;
}

/** The secrets that have to be in Secret Manager. */
export function secretIds(google: Google): string[] {
  return [...new Set(carriedSecrets(google, '').map(({ secretId }) => secretId))];
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** The Kubernetes Secret with its value in it: for kubectl's standard input, and nowhere else. */
export function secretManifest(carried: CarriedSecret, namespace: string, value: string): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: carried.name, namespace, labels: carried.labels },
    type: 'Opaque',
    // Not stringData, whose keys server-side apply does not follow into data: one that is no longer carried would stay.
    data: Object.fromEntries(Object.entries(carried.entries(value)).map(([key, text]) => [key, base64(text)])),
  };
}
