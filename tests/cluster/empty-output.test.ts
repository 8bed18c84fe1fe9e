import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emptyOutput } from '../../cluster/synthesize.ts';

let outdir: string;

beforeEach(async () => {
  outdir = await mkdtemp(join(tmpdir(), 'cdktf-'));
});

afterEach(async () => {
  await rm(outdir, { recursive: true });
});

async function put(...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(outdir, path)), { recursive: true });
    await writeFile(join(outdir, path), '{}');
  }
}

async function files(): Promise<string[]> {
  const found = await readdir(outdir, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(outdir.length + 1))
    .toSorted();
}

test('takes away what a synth has written, and stacks that are no more', async () => {
  await put('manifest.json', 'stacks/platform/cdk.tf.json', 'stacks/platform/tfplan', 'stacks/gone/cdk.tf.json');
  await emptyOutput(outdir, ['']);
  await expect(files()).resolves.toEqual([]);
  await expect(readdir(join(outdir, 'stacks'))).resolves.toEqual(['platform']);
});

test('leaves what terraform init has put there', async () => {
  const kept = ['stacks/argocd/.terraform.lock.hcl', 'stacks/argocd/.terraform/providers/helm'];
  await put(...kept, 'stacks/argocd/.terraform/terraform.tfstate', 'stacks/argocd/cdk.tf.json');
  await emptyOutput(outdir, ['']);
  await expect(files()).resolves.toEqual([...kept, 'stacks/argocd/.terraform/terraform.tfstate'].toSorted());
});

test('refuses to delete a state that is nowhere else, and then deletes nothing', async () => {
  await put('manifest.json', 'stacks/bootstrap/terraform.tfstate');
  await expect(emptyOutput(outdir, [''])).rejects.toThrow(
    'stacks/bootstrap/terraform.tfstate is Terraform state that only this machine has, and npm run synth would delete it. Move it to the bucket with terraform init -migrate-state, then run npm run synth again.',
  );
  await expect(files()).resolves.toEqual(['manifest.json', 'stacks/bootstrap/terraform.tfstate']);
});

test('is content with a folder that is not there', async () => {
  await expect(emptyOutput(join(outdir, 'none'), [''])).resolves.toBeUndefined();
});
