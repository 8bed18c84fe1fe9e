import { onTestFinished, vi } from 'vitest';
import type { TestCluster } from '../rollout/kubernetes/empty-cluster.ts';
import { imageOf } from './sample.ts';

/** Lets time pass, of which only the date is faked. */
export function pass(seconds: number): void {
  vi.setSystemTime(Date.now() + seconds * 1_000);
}

export const paths = {
  applications: '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications',
  deployments: '/apis/apps/v1/namespaces/web-staging/deployments',
  events: '/api/v1/namespaces/web-staging/events',
  pods: '/api/v1/namespaces/web-staging/pods',
  replicaSets: '/apis/apps/v1/namespaces/web-staging/replicasets',
};

type Put = Parameters<TestCluster['put']>[1];

/** A pod of the ReplicaSet web-a, or of another one. */
export function pod(name: string, tag: string, status: object, replicaSet = 'web-a'): Put {
  const metadata = { name, ownerReferences: [{ kind: 'ReplicaSet', name: replicaSet }] };
  return { metadata, spec: { containers: [{ name: 'web', image: imageOf(tag) }] }, status } as Put;
}

const ready = { conditions: [{ type: 'Ready', status: 'True' }] };

export function crashing(restartCount: number): object {
  const waiting = { reason: 'CrashLoopBackOff', message: 'back-off 10s' };
  return { containerStatuses: [{ name: 'web', restartCount, state: { waiting } }] };
}

export function application({ put }: TestCluster, revision: string, health: string, more: object = {}): void {
  const status = { sync: { status: 'Synced', revision }, health: { status: health }, ...more };
  put(paths.applications, { metadata: { name: 'web-staging' }, status } as Put);
}

/** Syncs a commit with this image, of which one pod runs or crashes. */
export function sync(cluster: TestCluster, revision: string, tag: string, isGood: boolean): void {
  const template = { spec: { containers: [{ name: 'web', image: imageOf(tag) }] } };
  const available = isGood ? 1 : 0;
  cluster.put(paths.pods, pod('web-1', tag, isGood ? ready : crashing(2)));
  const owned = { name: 'web-a', ownerReferences: [{ uid: 'web' }] };
  cluster.put(paths.replicaSets, { metadata: owned, spec: { template } } as Put);
  cluster.put(paths.deployments, {
    metadata: { name: 'web' },
    spec: { replicas: 1, template },
    status: { replicas: 1, updatedReplicas: 1, readyReplicas: available, availableReplicas: available },
  } as Put);
  const operationState = { phase: 'Succeeded', startedAt: '2026-01-01T10:00:00Z', syncResult: { revision } };
  application(cluster, revision, isGood ? 'Healthy' : 'Progressing', { operationState });
}

/** Does this every 11 s from when a rollout is told to progress until it is told to fail. */
function persisting(goOn: (times: number) => void): (line: string) => void {
  let times = 0;
  let going: NodeJS.Timeout | undefined;
  const again = (): void => {
    pass(11);
    times += 1;
    goOn(times);
  };
  onTestFinished(() => clearInterval(going));
  return (line) => {
    if (line.includes('Progressing')) going ??= setInterval(again, 10);
    if (line.includes(' fails: ')) clearInterval(going);
  };
}

/** Lets the pod of {@link sync} crash again and again. */
export function crash(cluster: TestCluster, tag: string): (line: string) => void {
  return persisting((times) => cluster.put(paths.pods, pod('web-1', tag, crashing(2 + times))));
}

/** Lets Argo CD say again and again that it can't compare the cluster with a commit. */
export function doubt(cluster: TestCluster, commit: string, more: object = {}): (line: string) => void {
  const compare = (times: number): void => {
    const conditions = [{ type: 'ComparisonError', message: `It failed ${times} times.` }];
    application(cluster, commit, 'Progressing', { conditions, ...more });
  };
  compare(0);
  return persisting(compare);
}

/** Puts a warning of that time about a pod or its Deployment. */
export function warn({ put }: TestCluster, kind: 'Pod' | 'Deployment', time: string): void {
  const involvedObject = { kind, name: kind === 'Pod' ? 'web-1' : 'web' };
  const event = { type: 'Warning', reason: 'BackOff', message: time, lastTimestamp: `2026-01-01T${time}Z` };
  put(paths.events, { metadata: { name: time }, involvedObject, ...event } as Put);
}
