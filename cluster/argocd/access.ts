import { argoNamespace } from '../../apps/argo/place.ts';
import type { Google } from '../../settings/google/resolve.ts';
import { email } from '../identities.ts';
import type { JsonObject } from '../terraform-json.ts';
import { refreshOnly } from './refresh-only.ts';

const rbac = 'rbac.authorization.k8s.io';

function role(name: string, rule: JsonObject): JsonObject {
  return {
    apiVersion: `${rbac}/v1`,
    kind: 'Role',
    metadata: { name, namespace: argoNamespace },
    rules: [rule],
  };
}

function roleBinding(name: string, user: string): JsonObject {
  return {
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata: { name, namespace: argoNamespace },
    roleRef: { apiGroup: rbac, kind: 'Role', name },
    subjects: [{ apiGroup: rbac, kind: 'User', name: user }],
  };
}

/**
 * What CI may do inside the cluster. `plan` reads what Helm has installed, which is kept in ConfigMaps for its sake: in
 * Secrets, a pull request's plan would have to read every secret of Argo CD. `verify` looks at everything but secrets,
 * and asks Applications for a refresh.
 */
export function accessObjects(google: Google): JsonObject[] {
  const plan = email(google, 'plan');
  const verify = email(google, 'verify');
  return [
    role('plan-reads-releases', { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list'] }),
    roleBinding('plan-reads-releases', plan),
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: `${google.name}-verify-looks` },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'view' },
      subjects: [{ apiGroup: rbac, kind: 'User', name: verify }],
    },
    role('verify-refreshes', {
      apiGroups: ['argoproj.io'],
      resources: ['applications'],
      verbs: ['get', 'list', 'watch', 'patch'],
    }),
    roleBinding('verify-refreshes', verify),
    ...refreshOnly(`${google.name}-verify-refreshes-only`, verify),
  ];
}
