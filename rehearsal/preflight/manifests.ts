import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { type Cluster, isNotFound } from 'zerodrop/rollout';
import { namespacePath } from '../context/argo/paths.ts';
import type { Owner } from '../context/owner.ts';
import { admitPod, apply, type PodTemplate } from './apply.ts';
import { borrow, giveBack } from './borrowed.ts';
import type { Manifest } from './resources.ts';

interface Workload extends Manifest {
  readonly spec?: { readonly template?: PodTemplate };
}

/** What the API server has against the manifests of a folder, unchanged. Nothing of them stays in the cluster. */
export async function manifestProblems(cluster: Cluster, folder: string, owner: Owner): Promise<readonly string[]> {
  const manifests = await readManifests(folder);
  const namespaces = manifests.filter(({ kind }) => kind === 'Namespace');
  const made: string[] = [];
  try {
    const problems: string[] = [];
    for (const namespace of namespaces) {
      problems.push(...(await apply(cluster, namespace, 'dry run')));
      // Nothing can be tried out in a namespace that is not there. One that is there belongs to somebody.
      const { name } = namespace.metadata;
      if (!(await exists(cluster, namespacePath(name))) && (await borrow(cluster, namespace, owner))) made.push(name);
    }
    // A pod is not admitted without its ServiceAccount, not even to be tried out.
    const accounts = manifests.filter(({ kind }) => kind === 'ServiceAccount');
    const others = manifests.filter(({ kind }) => kind !== 'ServiceAccount' && kind !== 'Namespace');
    for (const manifest of [...accounts, ...others]) {
      problems.push(...(await judged(cluster, manifest, made)));
    }
    return problems;
  } finally {
    for (const name of made) await giveBack(cluster, name);
  }
}

async function judged(cluster: Cluster, manifest: Workload, made: readonly string[]): Promise<readonly string[]> {
  const namespace = manifest.metadata.namespace ?? 'default';
  const earnest = manifest.kind === 'ServiceAccount' && made.includes(namespace) ? 'for real' : 'dry run';
  const problems = await apply(cluster, manifest, earnest);
  const template = manifest.spec?.template;
  return template === undefined ? problems : [...problems, ...(await admitPod(cluster, namespace, template))];
}

async function readManifests(folder: string): Promise<readonly Workload[]> {
  const names = (await readdir(folder)).toSorted();
  const texts = await Promise.all(names.map(async (name) => readFile(path.join(folder, name), 'utf8')));
  return texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as Workload));
}

async function exists(cluster: Cluster, objectAt: string): Promise<boolean> {
  try {
    await cluster.request({ method: 'GET', path: objectAt });
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
