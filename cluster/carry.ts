import { execFile } from 'node:child_process';
import { argoNamespace } from '../apps/argo/place.ts';
import { type Google, resolveGoogle } from '../settings/google/resolve.ts';
import { firstOf, type Settings } from '../settings/settings.ts';
import { carriedSecrets, type CarriedSecret, secretManifest } from './argocd/secrets.ts';
import type { JsonObject } from './terraform-json.ts';

/** A program that failed, in its own words; what it was fed is not among them. */
export class CarryError extends Error {
  override readonly name = 'CarryError';
}

function run(program: string, args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { maxBuffer: 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else if (error.code === 'ENOENT')
        reject(new CarryError(`${program} is not installed, or not on PATH. Install it.`, { cause: error }));
      else reject(new CarryError(`${program} ${args.join(' ')}: ${stderr.trim()}`));
    });
    // A program that ends before it has read everything: its own words say why.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

async function apply({ project, location, name }: Google, manifest: JsonObject): Promise<void> {
  // By the name that gcloud gives it: whichever context is current may be another cluster, and these are secrets.
  const context = `--context=gke_${project}_${location}_${name}`;
  const args = [context, 'apply', '--server-side', '--field-manager=zerodrop', '--force-conflicts', '-f', '-'];
  try {
    await run('kubectl', args, JSON.stringify(manifest));
  } catch (error) {
    if (!(error instanceof CarryError)) throw error;
    throw new CarryError(
      `${error.message}\nIf the context is missing or old: gcloud container clusters get-credentials ${name} --location ${location} --project ${project} --dns-endpoint`,
      { cause: error },
    );
  }
}

/** Carries every secret that the settings ask for, and tells of each. Throws {@link CarryError} with the sentence of what fails. */
export async function carryAll(settings: Settings, tell: (line: string) => void): Promise<void> {
  const google = resolveGoogle(firstOf(settings.clusters).google);
  const secrets = carriedSecrets(google, settings.repository);
  if (secrets.length === 0) tell('The settings ask for no secret: nothing to carry.\n');
  for (const secret of secrets) {
    await carry(google, secret);
    tell(`carried ${secret.secretId} to Secret ${secret.name}\n`);
  }
}

/**
 * Takes one secret from Secret Manager into Argo CD's namespace of the settings' own cluster, which is made if need be. The value goes from one
 * program's output to the next one's input: no argument, file or log has it.
 */
async function carry(google: Google, secret: CarriedSecret): Promise<void> {
  const { project } = google;
  const args = ['secrets', 'versions', 'access', 'latest', `--secret=${secret.secretId}`, `--project=${project}`];
  const value = await run('gcloud', args, '');
  if (value.trim() === '') {
    throw new CarryError(
      `Secret ${secret.secretId} of project ${project} is empty. Add a version: gcloud secrets versions add ${secret.secretId} --data-file=FILE.`,
    );
  }
  await apply(google, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: argoNamespace } });
  // A key ends with its line end; a password that was typed with one would never match.
  const clean = value.includes('PRIVATE KEY') ? value : value.trim();
  await apply(google, secretManifest(secret, argoNamespace, clean));
}
