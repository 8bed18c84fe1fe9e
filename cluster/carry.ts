import { execFile } from 'node:child_process';
import { argoNamespace } from '../apps/argo/place.ts';
import type { CarriedSecret } from './argocd/secrets.ts';
import { secretManifest } from './argocd/secrets.ts';
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

async function apply(manifest: JsonObject): Promise<void> {
  const args = ['apply', '--server-side', '--field-manager=zerodrop', '--force-conflicts', '-f', '-'];
  await run('kubectl', args, JSON.stringify(manifest));
}

/**
 * Takes one secret from Secret Manager into Argo CD's namespace, which is made if need be. The value goes from one
 * program's output to the next one's input: no argument, file or log has it.
 */
export async function carry(project: string, secret: CarriedSecret): Promise<void> {
  const args = ['secrets', 'versions', 'access', 'latest', `--secret=${secret.secretId}`, `--project=${project}`];
  const value = await run('gcloud', args, '');
  if (value.trim() === '') {
    throw new CarryError(
      `Secret ${secret.secretId} of project ${project} is empty. Add a version: gcloud secrets versions add ${secret.secretId} --data-file=FILE.`,
    );
  }
  await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: argoNamespace } });
  // A key ends with its line end; a password that was typed with one would never match.
  const clean = value.includes('PRIVATE KEY') ? value : value.trim();
  await apply(secretManifest(secret, argoNamespace, clean));
}
