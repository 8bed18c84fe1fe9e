import { execFile } from 'node:child_process';
import { SecretManagerSecret } from '@cdktf/provider-google/lib/secret-manager-secret/index.js';
import type { TerraformStack } from 'cdktf';
import { OperationError, notStarted } from 'zerodrop/errors';
import { argoNamespace } from '../../apps/argo/application.ts';
import { type Google, contextName } from '../../settings/google/resolve.ts';
import type { ClusterProject } from '../cluster-project.ts';
import type { EnabledApis } from '../constructs/project.ts';
import { create } from '../stack.ts';
import type { JsonObject } from '../terraform-json.ts';

/** What a secret is called in Secret Manager, after the cluster's own name. */
type Purpose = 'webhook' | 'single-sign-on' | 'github-app';

/** One Kubernetes Secret of Argo CD, and the secret in Secret Manager that it is made from. */
export interface CopiedSecret {
  readonly secretId: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The Secret's entries around the value. */
  readonly entries: (value: string) => Readonly<Record<string, string>>;
}

// Argo CD follows `$name:key` only into Secrets with this label.
const partOfArgoCd = { 'app.kubernetes.io/part-of': 'argocd' };

/** The names that the chart's values use for what they must not hold. */
export const secretNames = {
  webhook: 'argocd-webhook',
  singleSignOn: 'argocd-single-sign-on',
  notifications: 'argocd-notifications-secret',
  repository: 'argocd-repository',
} as const;

/** Every Secret that the settings ask for. `repository` is the address that Argo CD reads. */
function copiedSecrets(google: Google, repository: string): CopiedSecret[] {
  const id = (purpose: Purpose) => `${google.name}-${purpose}`;
  const copied: CopiedSecret[] = [];
  if (google.argocd.domain !== null) {
    copied.push({
      secretId: id('webhook'),
      name: secretNames.webhook,
      labels: partOfArgoCd,
      entries: (secret) => ({ secret }),
    });
  }
  if (google.argocd.singleSignOn !== null) {
    copied.push({
      secretId: id('single-sign-on'),
      name: secretNames.singleSignOn,
      labels: partOfArgoCd,
      entries: (clientSecret) => ({ clientSecret }),
    });
  }
  const app = google.github?.app;
  if (app !== undefined) {
    copied.push(
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
  return copied;
}

/** The secrets that have to be in Secret Manager. */
function secretIds(google: Google): string[] {
  return [...new Set(copiedSecrets(google, '').map(({ secretId }) => secretId))];
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** The Kubernetes Secret with its value in it: for kubectl's standard input, and nowhere else. */
function secretManifest(copied: CopiedSecret, namespace: string, value: string): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: copied.name, namespace, labels: copied.labels },
    type: 'Opaque',
    // Not stringData, whose keys server-side apply does not follow into data: one that is no longer copied would stay.
    data: Object.fromEntries(Object.entries(copied.entries(value)).map(([key, text]) => [key, base64(text)])),
  };
}

function run(program: string, args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { maxBuffer: 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else if (error.code === 'ENOENT') reject(notStarted(program, error));
      else reject(new OperationError(`${program} ${args.join(' ')}: ${stderr.trim()}`));
    });
    // A program that ends before it has read everything: its own words say why.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

async function apply(google: Google, manifest: JsonObject): Promise<void> {
  const { project, location, name } = google;
  // By the name that gcloud gives it: whichever context is current may be another cluster, and these are secrets.
  const context = `--context=${contextName(google)}`;
  const args = [context, 'apply', '--server-side', '--field-manager=zerodrop', '--force-conflicts', '-f', '-'];
  try {
    await run('kubectl', args, JSON.stringify(manifest));
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    throw new OperationError(
      `${error.message}\nIf the context is missing or old: gcloud container clusters get-credentials ${name} --location ${location} --project ${project} --dns-endpoint`,
      { cause: error },
    );
  }
}

/** Copies every secret that the settings of a cluster ask for, and tells of each. Throws {@link OperationError} with the sentence of what fails. */
export async function copySecrets(
  { google, repository }: Pick<ClusterProject, 'google' | 'repository'>,
  tell: (line: string) => void,
): Promise<void> {
  const copied = copiedSecrets(google, repository);
  if (copied.length === 0) tell('The settings ask for no secret: nothing to copy.\n');
  for (const secret of copied) {
    await copySecret(google, secret);
    tell(`copied ${secret.secretId} to Secret ${secret.name}\n`);
  }
}

/**
 * Copies one secret from Secret Manager into Argo CD's namespace of its cluster, which is made if need be. The value goes from one
 * program's output to the next one's input: no argument, file or log has it.
 */
async function copySecret(google: Google, secret: CopiedSecret): Promise<void> {
  const { project } = google;
  const args = ['secrets', 'versions', 'access', 'latest', `--secret=${secret.secretId}`, `--project=${project}`];
  const value = await run('gcloud', args, '');
  if (value.trim() === '') {
    throw new OperationError(
      `Secret ${secret.secretId} of project ${project} is empty. Add a version: gcloud secrets versions add ${secret.secretId} --data-file=FILE.`,
    );
  }
  await apply(google, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: argoNamespace } });
  // A key ends with its line end; a password that was typed with one would never match.
  const clean = value.includes('PRIVATE KEY') ? value : value.trim();
  await apply(google, secretManifest(secret, argoNamespace, clean));
}

/**
 * Empty secrets for what Argo CD needs. A person adds the value, and `npm run secrets` takes it to the
 * cluster: a value that Terraform has seen would stand in its state.
 */
export function secrets(stack: TerraformStack, google: Google, enabled: EnabledApis): SecretManagerSecret[] {
  return secretIds(google).map((secretId) =>
    create(SecretManagerSecret, stack, `secret_${secretId.slice(google.name.length + 1)}`, {
      project: google.project,
      secretId,
      replication: { auto: {} },
      dependsOn: [enabled.secrets],
    }),
  );
}
