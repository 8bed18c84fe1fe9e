import { isMadeByControllers as isMade, madeOf } from 'zerodrop/kinds';

/** A kind of Kubernetes object, as an AppProject names it: the core API's group is empty. */
export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

/** The kind of an object with this `apiVersion` and `kind`. */
export function groupKindOf(apiVersion: string, kind: string): GroupKind {
  return { group: apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '', kind };
}

/** The kinds that Argo CD shows below objects of these kinds, and that are not among them: ReplicaSet and Pod below Deployment. */
export function shownBelow(kinds: readonly GroupKind[]): readonly GroupKind[] {
  return [...madeOf(kinds.map(nameOf))].map((name) => {
    const [group = '', kind = ''] = name.split('/');
    return { group, kind };
  });
}

/** Whether only controllers make objects of this kind, so that git has none to bring. */
export function isMadeByControllers(kind: GroupKind): boolean {
  return isMade(nameOf(kind));
}

/** Whether a list names a kind. */
export function isIn(list: readonly GroupKind[], kind: GroupKind): boolean {
  return list.some((one) => nameOf(one) === nameOf(kind));
}

function nameOf({ group, kind }: GroupKind): string {
  return `${group}/${kind}`;
}
