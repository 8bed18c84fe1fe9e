import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { field, listField } from '../field.ts';
import { serveRepository } from '../repository.ts';
import type { Cluster } from './cluster.ts';
import type { Hands } from './hands.ts';
import { type Files, isArgo, type Manifest, readFile } from './manifest.ts';

/** A repository of one play, and the Application that Argo CD makes of it. */
export interface FollowingHands extends Hands {
  /** As Argo CD is told it. */
  readonly repository: string;
  /** Fills a branch, which is not followed yet. */
  fill(branch: string, files: Files): Promise<void>;
  /** The Application, where there is one. */
  application(): Promise<unknown>;
}

/** The Application and project of an example that has none: as the page of `sync-option-missing` wants them. */
export const usualApplication = readFile(`
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: web, namespace: argocd}
spec:
  sourceRepos: [https://git.example/shop]
  destinations: [{server: https://kubernetes.default.svc, namespace: shop}]
  clusterResourceWhitelist: [{group: "", kind: Namespace}]
  namespaceResourceWhitelist: [{group: "*", kind: "*"}]
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web, namespace: argocd}
spec:
  project: web
  source: {repoURL: https://git.example/shop, targetRevision: main, path: manifests/production}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
  syncPolicy:
    automated: {enabled: true, prune: true, selfHeal: true}
    retry: {limit: 5, refresh: true}
    syncOptions: [ServerSideApply=true, PruneLast=true, FailOnSharedResource=true]
`) as readonly Manifest[];

/** Commits the files to a repository that Argo CD follows; the Application and its project go to the cluster, as a root's would. */
export async function followingHands(
  cluster: Cluster,
  name: string,
  folder: string,
  signal: AbortSignal,
): Promise<FollowingHands> {
  const served = await serveRepository(folder, name, signal);
  const clone = served.directory;
  const identity = (kind: string): Manifest => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind,
    metadata: { name, namespace: 'argocd' },
  });
  let head = '';

  const commit = async (files: Files, branch = 'main'): Promise<void> => {
    for (const entry of await readdir(clone))
      if (entry !== '.git') await rm(path.join(clone, entry), { recursive: true });
    for (const [file, content] of files) {
      const text = typeof content === 'string' ? content : documents(content.filter((object) => !isArgo(object)));
      if (text === '') continue;
      await mkdir(path.dirname(path.join(clone, file)), { recursive: true });
      await writeFile(path.join(clone, file), text);
    }
    await mkdir(path.join(clone, 'manifests/production'), { recursive: true });
    await writeFile(path.join(clone, 'manifests/production/README.md'), 'The folder that is followed.\n');
    head = await served.push(branch);
  };
  const application = async (): Promise<unknown> => {
    const answer = await cluster.get(identity('Application'));
    return answer.status === 200 ? answer.body : null;
  };
  return {
    repository: served.url,
    application,
    fill: async (branch, files) => commit(files, branch),
    async put(files) {
      await commit(files);
      const objects = [...files.values()].flatMap((content) => (typeof content === 'string' ? [] : content));
      for (const kind of ['AppProject', 'Application']) {
        const object = objects.find((one) => one.kind === kind);
        if (object === undefined) await cluster.remove(identity(kind));
        else await mustApply(cluster, object);
      }
      await cluster.merge(identity('Application'), {
        metadata: { annotations: { 'argocd.argoproj.io/refresh': 'normal' } },
      });
    },
    async progress() {
      const seen = await application();
      const isRead = field(seen, 'metadata', 'annotations', 'argocd.argoproj.io/refresh') === undefined;
      const isDone =
        isRead &&
        field(seen, 'status', 'sync', 'revision') === head &&
        field(seen, 'status', 'sync', 'status') === 'Synced' &&
        field(seen, 'status', 'operationState', 'phase') === 'Succeeded' &&
        field(seen, 'operation') === undefined;
      return { isDone, said: complaint(seen) };
    },
    async strike() {
      await cluster.merge(identity('Application'), { metadata: { finalizers: null } });
      for (const kind of ['Application', 'AppProject']) await cluster.remove(identity(kind));
      await served.close();
    },
  };
}

async function mustApply(cluster: Cluster, object: Manifest): Promise<void> {
  const { message } = await cluster.apply(object);
  if (message !== null) throw new Error(`${object.kind} ${object.metadata.name} is refused: ${message}`);
}

function documents(objects: readonly Manifest[]): string {
  return objects.map((object) => `${JSON.stringify(object, null, 2)}\n`).join('---\n');
}

/** What Argo CD says against the last sync, or of the Application. */
function complaint(application: unknown): string | null {
  const results = listField(application, 'status', 'operationState', 'syncResult', 'resources');
  const failed = results.find((result) => field(result, 'status') === 'SyncFailed');
  const [condition] = listField(application, 'status', 'conditions');
  const said = field(failed ?? condition, 'message');
  return typeof said === 'string' ? said : null;
}
