import { onTestFinished, vi } from 'vitest';
import { verifyCommand } from '../../src/verify/command.ts';
import type { TestCluster } from '../rollout/kubernetes/empty-cluster.ts';

/** Where Argo CD has its Applications, and the namespace of the shop. */
export const [argo, namespace] = ['/apis/argoproj.io/v1alpha1/namespaces/argocd/applications', 'shop'];

/** A manifest as anyone might have rendered it: of another name than its folder, its Application and its labels. */
export function deployment(name: string, image: string, at: string | null = null): string {
  const metadata = { name, ...(at === null ? {} : { namespace: at }) };
  const template = { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image }] } };
  const spec = { selector: { matchLabels: { app: name } }, template };
  return JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec });
}

export type Put = Parameters<TestCluster['put']>[1];

/** An Application that has synced a commit, as Argo CD writes it. */
export function application(revision: string, spec: object = {}, status: object = {}): Put {
  const source = { repoURL: 'https://git.example.com/shop', path: 'rendered/shop', targetRevision: 'main' };
  return {
    metadata: { name: 'shop' },
    spec: { source, destination: { server: 'https://kubernetes.default.svc', namespace }, ...spec },
    status: { sync: { status: 'Synced', revision }, health: { status: 'Healthy' }, ...status },
  } as Put;
}

/** A Deployment of one pod that runs an image. */
export function run(cluster: TestCluster, name: string, image: string, at = namespace): void {
  const template = { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image }] } };
  const status = { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 };
  cluster.put(`/apis/apps/v1/namespaces/${at}/deployments`, {
    metadata: { name },
    spec: { replicas: 1, selector: { matchLabels: { app: name } }, template },
    status,
  } as Put);
  cluster.put(`/apis/apps/v1/namespaces/${at}/replicasets`, {
    metadata: { name: `${name}-1`, ownerReferences: [{ uid: name }] },
    spec: { template },
  } as Put);
}

/** Runs the command in a clone, and returns what it prints and what it tells meanwhile. */
export async function verify(directory: string, ...args: readonly string[]) {
  const told: string[] = [];
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    told.push(String(text));
    return true;
  });
  onTestFinished(() => spy.mockRestore());
  const ended = await verifyCommand(['--context', 'test', '--directory', directory, ...args]).finally(() =>
    spy.mockRestore(),
  );
  return { ...ended, told };
}

/** An image of the shop, by its tag. */
export const image = (tag: string): string => `registry.example.com/frontend:${tag}`;
