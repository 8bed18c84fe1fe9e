import { isDeepStrictEqual } from 'node:util';
import type { DeploymentObservation } from '../watch.ts';
import type { Watched } from './collection.ts';
import { milliseconds } from './objects.ts';
import { type Pod, serviceImage } from './pods.ts';

/** The part of a Deployment that is read. */
export interface Deployment extends Watched {
  readonly metadata: Watched['metadata'] & { readonly name: string; readonly generation?: number };
  readonly spec: {
    readonly replicas?: number;
    readonly paused?: boolean;
    readonly template: Template;
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
      readonly lastUpdateTime?: string;
    }[];
  };
}

/** The part of a ReplicaSet that is read. */
export interface ReplicaSet extends Watched {
  readonly metadata: Watched['metadata'] & {
    readonly name: string;
    readonly ownerReferences?: readonly { readonly uid: string }[];
  };
  readonly spec: { readonly template?: Template };
}

interface Template {
  readonly metadata?: { readonly labels?: { readonly [label: string]: string } };
  readonly spec: { readonly containers: Pod['spec']['containers'] };
}

/** How a rollout sees a Deployment with its ReplicaSets: the rules of `kubectl rollout status`. */
export function deploymentObservation(
  deployment: Deployment,
  replicaSets: readonly ReplicaSet[],
): DeploymentObservation {
  const { metadata, spec, status } = deployment;
  const deadline = seenCondition(deployment, ({ reason }) => reason === 'ProgressDeadlineExceeded');
  const updated = status?.updatedReplicas ?? 0;
  const seen = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  return {
    image: serviceImage(spec.template.spec.containers, metadata.name),
    replicaSet: replicaSetsOf(deployment, replicaSets).newest?.metadata.name ?? null,
    replicas: spec.replicas ?? 1,
    updated,
    ready: status?.readyReplicas ?? 0,
    available: status?.availableReplicas ?? 0,
    settled: seen && (status?.replicas ?? 0) === updated,
    failure: deadline === undefined ? null : words(deadline),
    failedAt: milliseconds(deadline?.lastUpdateTime),
    hindrance: hindrance(deployment),
  };
}

type Condition = NonNullable<NonNullable<Deployment['status']>['conditions']>[number];

/** A condition that is about the present spec: what an earlier one was told does not count against it. */
function seenCondition(
  { metadata, status }: Deployment,
  isMeant: (condition: Condition) => boolean,
): Condition | undefined {
  const seen = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  return seen ? status?.conditions?.find(isMeant) : undefined;
}

function hindrance(deployment: Deployment): string | undefined {
  if (deployment.spec.paused === true) return 'The Deployment is paused (spec.paused)';
  const refused = seenCondition(deployment, ({ type, status }) => type === 'ReplicaFailure' && status === 'True');
  return refused === undefined ? undefined : `Kubernetes refuses its pods: ${words(refused)}`;
}

function words({ reason = 'unknown', message }: Condition): string {
  return message === undefined ? reason : `${reason}: ${message.replace(/\.$/, '')}`;
}

/** The part of a ReplicaSet, and of the Deployment that owns it, by which they are told apart. */
export interface Templated {
  readonly metadata?: {
    readonly name?: string;
    readonly uid?: string;
    readonly ownerReferences?: readonly { readonly uid: string }[];
  };
  readonly spec?: { readonly template?: CopiedTemplate };
}

interface CopiedTemplate {
  readonly metadata?: { readonly labels?: { readonly [label: string]: string } };
}

/** The ReplicaSets of a Deployment: the one of its present template, if its controller has made it, and the others. */
export function replicaSetsOf<T extends Templated>(
  deployment: Templated,
  replicaSets: readonly T[],
): { readonly newest: T | undefined; readonly others: readonly T[] } {
  const uid = deployment.metadata?.uid;
  const own = replicaSets.filter(({ metadata }) => metadata?.ownerReferences?.some((owner) => owner.uid === uid));
  // Not by the revision annotation: the controller may have observed a template for which it makes a ReplicaSet only later,
  // because it is paused, or scales first.
  const newest = own.find(({ spec }) => isSameTemplate(spec?.template, deployment.spec?.template));
  return { newest, others: own.filter((set) => set !== newest) };
}

/** The controller adds one label, the hash of the template, to what it copies into a ReplicaSet. */
function isSameTemplate(copied: CopiedTemplate | undefined, asked: CopiedTemplate | undefined): boolean {
  return isDeepStrictEqual(withoutHash(copied), withoutHash(asked));
}

function withoutHash(template: CopiedTemplate | undefined): CopiedTemplate {
  const { 'pod-template-hash': _, ...labels } = template?.metadata?.labels ?? {};
  return { ...template, metadata: { ...template?.metadata, labels } };
}
