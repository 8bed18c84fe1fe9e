import { isDeepStrictEqual } from 'node:util';

/** The part of a ReplicaSet, and of the Deployment that owns it, by which they are told apart. */
export interface Templated {
  readonly metadata?: {
    readonly name?: string;
    readonly uid?: string;
    readonly ownerReferences?: readonly { readonly uid: string }[];
  };
  readonly spec?: { readonly template?: Template };
}

interface Template {
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
function isSameTemplate(copied: Template | undefined, asked: Template | undefined): boolean {
  return isDeepStrictEqual(withoutHash(copied), withoutHash(asked));
}

function withoutHash(template: Template | undefined): Template {
  const { 'pod-template-hash': _, ...labels } = template?.metadata?.labels ?? {};
  return { ...template, metadata: { ...template?.metadata, labels } };
}
