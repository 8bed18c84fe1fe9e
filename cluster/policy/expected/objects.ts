import type { Json } from '../../terraform-json.ts';
import { isObject, textAt } from '../../terraform-json.ts';
import type { Shape, ShapeObject } from '../shape.ts';
import { mismatches, Rule } from '../shape.ts';
import type { Owner } from './owner.ts';
import { account } from './owner.ts';

const rbac = 'rbac.authorization.k8s.io';

/** A list of Kubernetes objects, each there once and known by `Kind namespace/name`. */
export function objects(known: Readonly<Record<string, Shape>>): Rule {
  return new Rule((value, path) => {
    if (!Array.isArray(value)) return [{ path, says: 'is no list' }];
    const items: readonly Json[] = value;
    const titles = items.map(titleOf);
    const missing = Object.keys(known).filter((title) => !titles.includes(title));
    return [
      ...missing.map((title) => ({ path, says: `lacks ${title}` })),
      ...items.flatMap((item, index) => {
        const place = [...path, String(index)];
        const title = titles[index] ?? '';
        const shape = known[title];
        if (shape === undefined) return [{ path: place, says: `is ${title}, which is not expected` }];
        if (titles.indexOf(title) !== index) return [{ path: place, says: `is ${title} once more` }];
        return mismatches(isObject(item) ? item : undefined, shape, place);
      }),
    ];
  });
}

function titleOf(item: Json): string {
  return `${textAt(item, 'kind')} ${textAt(item, 'metadata.namespace')}/${textAt(item, 'metadata.name')}`;
}

export function role(namespace: string, name: string, rules: Shape): Record<string, Shape> {
  const shape = { apiVersion: `${rbac}/v1`, kind: 'Role', metadata: { name, namespace }, rules };
  return { [`Role ${namespace}/${name}`]: shape };
}

export function binding(
  namespace: string,
  name: string,
  roleRef: { readonly kind: string; readonly name: string },
  subject: ShapeObject,
): Record<string, Shape> {
  const kind = namespace === '' ? 'ClusterRoleBinding' : 'RoleBinding';
  const metadata = namespace === '' ? { name } : { name, namespace };
  const shape = {
    apiVersion: `${rbac}/v1`,
    kind,
    metadata,
    roleRef: { apiGroup: rbac, ...roleRef },
    subjects: [subject],
  };
  return { [`${kind} ${namespace}/${name}`]: shape };
}

/** A ServiceAccount of Argo CD's namespace, as RBAC knows it. */
export function argoAccount(name: string): ShapeObject {
  return { kind: 'ServiceAccount', name, namespace: 'argocd' };
}

/** One of CI's identities, as RBAC knows it. */
export function user(owner: Owner, identity: string): ShapeObject {
  return { apiGroup: rbac, kind: 'User', name: account(owner, identity) };
}

/** Reading single objects, of these names alone where some are given. */
export function get(group: string, resources: readonly string[], ...names: readonly string[]): ShapeObject {
  return { apiGroups: [group], resources, verbs: ['get'], ...(names.length === 0 ? {} : { resourceNames: names }) };
}
