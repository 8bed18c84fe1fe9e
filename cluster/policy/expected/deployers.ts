import { type Json, isObject, textAt } from '../../terraform-json.ts';
import { type Shape, type ShapeObject, Rule, because, mismatches } from '../shape.ts';
import { type Owner, account } from './owner.ts';

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
function argoAccount(name: string): ShapeObject {
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

const controller = argoAccount('argocd-application-controller');
const all = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];
const wider = 'a commit could make what the project forbids';

function rule(group: string, resources: readonly string[], verbs: readonly string[]): ShapeObject {
  return { apiGroups: [group], resources, verbs };
}

/** The kinds of an application, with these verbs. */
function deployed(verbs: readonly string[]): ShapeObject[] {
  return [
    rule('', ['configmaps', 'serviceaccounts', 'services'], verbs),
    rule('apps', ['deployments'], verbs),
    rule('autoscaling', ['horizontalpodautoscalers'], verbs),
    rule('gateway.networking.k8s.io', ['gateways', 'httproutes'], verbs),
    rule('monitoring.googleapis.com', ['podmonitorings'], verbs),
    rule('networking.gke.io', ['gcpbackendpolicies', 'healthcheckpolicies'], verbs),
    rule('networking.k8s.io', ['networkpolicies'], verbs),
    rule('policy', ['poddisruptionbudgets'], verbs),
  ];
}

const reading = ['get', 'list', 'watch'];

/** What Argo CD's controller and server may do in the whole cluster: read, and no Secret. */
export const readsAlone: ShapeObject = {
  enabled: true,
  rules: because(
    [
      ...deployed(reading),
      rule('', ['endpoints', 'events', 'namespaces', 'pods', 'pods/log'], reading),
      rule('apps', ['replicasets'], reading),
      rule('argoproj.io', ['applications', 'appprojects'], reading),
      rule('discovery.k8s.io', ['endpointslices'], reading),
    ],
    'whoever takes Argo CD over could change the cluster or read its Secrets',
  ),
};

function serviceAccount(name: string): Record<string, Shape> {
  return {
    [`ServiceAccount argocd/${name}`]: {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name, namespace: 'argocd' },
      automountServiceAccountToken: false,
    },
  };
}

/** Who rolls out into a namespace, with which rights, and who looks at it. */
function inNamespace(owner: Owner, namespace: string): Record<string, Shape> {
  const name = `deploy-${namespace}`;
  const itself = (...verbs: readonly string[]) => ({
    apiGroups: [''],
    resources: ['namespaces'],
    resourceNames: [namespace],
    verbs,
  });
  return {
    [`Namespace /${namespace}`]: {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, annotations: { 'helm.sh/resource-policy': 'keep' } },
    },
    ...serviceAccount(name),
    ...role(namespace, 'argocd-deploys', because([...deployed(all), itself('get', 'update', 'patch')], wider)),
    ...binding(namespace, 'argocd-deploys', { kind: 'Role', name: 'argocd-deploys' }, argoAccount(name)),
    ...role(namespace, 'argocd-compares', because([...deployed(['patch']), itself('patch')], wider)),
    ...binding(namespace, 'argocd-compares', { kind: 'Role', name: 'argocd-compares' }, controller),
    ...binding(namespace, 'verify-looks', { kind: 'ClusterRole', name: 'view' }, user(owner, 'verify')),
  };
}

/** Everybody who rolls out, and whom Argo CD's controller may become. */
export function deployers(owner: Owner, namespaces: readonly string[]): Record<string, Shape> {
  const names = [...namespaces.map((namespace) => `deploy-${namespace}`), 'deploy-argocd'];
  return {
    ...Object.assign({}, ...namespaces.map((namespace) => inNamespace(owner, namespace))),
    ...serviceAccount('deploy-argocd'),
    ...role('argocd', 'deploy-argocd', [rule('argoproj.io', ['applications', 'appprojects'], all)]),
    ...binding('argocd', 'deploy-argocd', { kind: 'Role', name: 'deploy-argocd' }, argoAccount('deploy-argocd')),
    ...role(
      'argocd',
      'controller-impersonates',
      because(
        [{ apiGroups: [''], resources: ['serviceaccounts'], resourceNames: names, verbs: ['impersonate'] }],
        'a sync could act as anybody',
      ),
    ),
    ...binding('argocd', 'controller-impersonates', { kind: 'Role', name: 'controller-impersonates' }, controller),
  };
}
