import { type Field, isRecord } from './field.ts';
import type { Folder } from './folder.ts';
import type { ManifestObject } from './object.ts';
import type { Workload } from './workload.ts';

/** Kinds of the whole cluster by which objects choose how they are run, stored or reached, by their group. */
const classes = {
  GatewayClass: 'gateway.networking.k8s.io',
  IngressClass: 'networking.k8s.io',
  PriorityClass: 'scheduling.k8s.io',
  RuntimeClass: 'node.k8s.io',
  StorageClass: 'storage.k8s.io',
};

/** What an object needs of another one. */
export interface Reference {
  readonly kind:
    | 'ConfigMap'
    | 'Secret'
    | 'ServiceAccount'
    | 'PersistentVolumeClaim'
    | 'Role'
    | 'ClusterRole'
    | keyof typeof classes;
  readonly name: string;
  /** The key that it reads; null where it takes the object as a whole. */
  readonly key: string | null;
  /** How pods take it: a file that is mounted as a whole directory follows a change, the rest stays as it was at the start. */
  readonly how: 'start' | 'file' | 'other';
  readonly at: Field<unknown>;
}

/** What the pods of a workload need to start. References that may be missing (`optional`) are left out. */
export function podReferences(workload: Workload): readonly Reference[] {
  const { pod } = workload;
  const account = pod.at('serviceAccountName').isSet ? pod.at('serviceAccountName') : pod.at('serviceAccount');
  return [
    ...named('ServiceAccount', account, 'other'),
    ...pod
      .at('imagePullSecrets')
      .items()
      .flatMap((secret) => named('Secret', secret.at('name'), 'other')),
    ...workload.everyContainer.flatMap((container) => [
      ...container
        .at('envFrom')
        .items()
        .flatMap((source) => [
          ...sourceReferences('ConfigMap', source.at('configMapRef'), 'start'),
          ...sourceReferences('Secret', source.at('secretRef'), 'start'),
        ]),
      ...container
        .at('env')
        .items()
        .flatMap((variable) => [
          ...sourceReferences('ConfigMap', variable.at('valueFrom', 'configMapKeyRef'), 'start'),
          ...sourceReferences('Secret', variable.at('valueFrom', 'secretKeyRef'), 'start'),
        ]),
    ]),
    ...named('PriorityClass', pod.at('priorityClassName'), 'other'),
    ...named('RuntimeClass', pod.at('runtimeClassName'), 'other'),
    ...volumeReferences(workload),
    ...(workload.object.as('apps/StatefulSet')?.at('spec', 'volumeClaimTemplates').items() ?? []).flatMap((claim) =>
      named('StorageClass', claim.at('spec', 'storageClassName'), 'other'),
    ),
  ];
}

const claimClass = ['volumeClaimTemplate', 'spec', 'storageClassName'];

function volumeReferences(workload: Workload): readonly Reference[] {
  // A file that is mounted by subPath never changes in a pod that runs.
  const bySubPath = new Set(
    workload.everyContainer
      .flatMap((container) => container.at('volumeMounts').items())
      .flatMap((mount) => (mount.at('subPath').isSet ? [mount.at('name').value] : [])),
  );
  return workload.pod
    .at('volumes')
    .items()
    .flatMap((volume) => {
      const how = bySubPath.has(volume.at('name').value) ? 'start' : 'file';
      const projected = volume.at('projected', 'sources').items();
      return [
        ...sourceReferences('ConfigMap', volume.at('configMap'), how),
        ...sourceReferences('Secret', volume.at('secret'), how, 'secretName'),
        ...projected.flatMap((source) => [
          ...sourceReferences('ConfigMap', source.at('configMap'), how),
          ...sourceReferences('Secret', source.at('secret'), how),
        ]),
        ...named('Secret', volume.at('csi', 'nodePublishSecretRef', 'name'), 'other'),
        ...named('Secret', volume.at('azureFile', 'secretName'), 'other'),
        ...(['cephfs', 'flexVolume', 'iscsi', 'rbd', 'scaleIO', 'storageos'] as const).flatMap((kind) =>
          named('Secret', volume.at(kind).loose('secretRef', 'name'), 'other'),
        ),
        ...named('StorageClass', volume.at('ephemeral').loose(...claimClass), 'other'),
        ...named('PersistentVolumeClaim', volume.at('persistentVolumeClaim', 'claimName'), 'other'),
      ];
    });
}

/** A source of variables or files: as a whole, by one key, or by the keys of its items. */
function sourceReferences(
  kind: Reference['kind'],
  source: Field<unknown>,
  how: Reference['how'],
  nameKey: 'name' | 'secretName' = 'name',
): readonly Reference[] {
  if (!isRecord(source.value) || source.value['optional'] === true) return [];
  const name = source.loose(nameKey);
  const keys = [
    source.loose('key'),
    ...source
      .loose('items')
      .each()
      .map((item) => item.loose('key')),
  ];
  const read = keys.flatMap((at) => (at.text === undefined ? [] : named(kind, name, how, at)));
  return read.length > 0 ? read : named(kind, name, how);
}

function named(
  kind: Reference['kind'],
  at: Field<unknown>,
  how: Reference['how'],
  key?: Field<unknown>,
): readonly Reference[] {
  if (at.text === undefined || at.text === '') return [];
  return [{ kind, name: at.text, key: key?.text ?? null, how, at: key ?? at }];
}

/** What any object of a folder needs of others. */
export function referencesOf(object: ManifestObject, folder: Folder): readonly Reference[] {
  const runner = folder.workload(object);
  if (runner !== undefined) return podReferences(runner);
  const ingress = object.as('networking.k8s.io/Ingress');
  if (ingress !== null) {
    return [
      ...ingress
        .at('spec', 'tls')
        .items()
        .flatMap((tls) => named('Secret', tls.at('secretName'), 'other')),
      ...annotatedSecrets.flatMap((name) => ofAnnotation(object.field('metadata', 'annotations', name))),
      ...named('IngressClass', ingress.at('spec', 'ingressClassName'), 'other'),
    ];
  }
  const gateway = object.as('gateway.networking.k8s.io/Gateway');
  if (gateway !== null) {
    const certificates = gateway
      .at('spec', 'listeners')
      .items()
      .flatMap((listener) => listener.at('tls', 'certificateRefs').items())
      .filter((reference) => reference.at('kind').text !== 'ConfigMap');
    return [
      ...certificates.flatMap((reference) => named('Secret', reference.at('name'), 'other')),
      ...named('GatewayClass', gateway.at('spec', 'gatewayClassName'), 'other'),
    ];
  }
  if (object.is('/PersistentVolumeClaim')) {
    return named('StorageClass', object.field('spec', 'storageClassName'), 'other');
  }
  const account = object.as('/ServiceAccount');
  if (account !== null) {
    return account
      .at('imagePullSecrets')
      .items()
      .flatMap((secret) => named('Secret', secret.at('name'), 'other'));
  }
  if (object.group === 'rbac.authorization.k8s.io' && object.kind.endsWith('RoleBinding')) {
    const kind = object.field('roleRef', 'kind').text === 'ClusterRole' ? 'ClusterRole' : 'Role';
    const subjects = object
      .field('subjects')
      .each()
      .filter((subject) => subject.loose('kind').text === 'ServiceAccount');
    return [
      ...named(kind, object.field('roleRef', 'name'), 'other'),
      ...subjects.flatMap((subject) => named('ServiceAccount', subject.loose('name'), 'other')),
    ];
  }
  return [];
}

/** By these annotations NGINX takes a Secret, of the Ingress' own namespace unless one is said before a slash. */
const annotatedSecrets = ['auth-secret', 'auth-tls-secret', 'proxy-ssl-secret', 'secure-verify-ca-secret'].map(
  (name) => `nginx.ingress.kubernetes.io/${name}`,
);

function ofAnnotation(at: Field<unknown>): readonly Reference[] {
  const [namespace = '', name] = (at.text ?? '').split('/');
  if (name === undefined) return named('Secret', at, 'other');
  return namespace === at.object.namespace ? [{ kind: 'Secret', name, key: null, how: 'other', at }] : [];
}

/** What an object is, or makes, for others to refer to: an ExternalSecret makes a Secret, and so do others. */
export function provides(
  object: ManifestObject,
): readonly { readonly kind: Reference['kind']; readonly name: string }[] {
  const makes = (name: string | undefined): readonly { readonly kind: 'Secret'; readonly name: string }[] => [
    { kind: 'Secret', name: name ?? object.name },
  ];
  if (isClass(object.kind))
    return object.group === classes[object.kind] ? [{ kind: object.kind, name: object.name }] : [];
  switch (object.type) {
    case '/ConfigMap':
    case '/Secret':
    case '/ServiceAccount':
    case '/PersistentVolumeClaim':
    case 'rbac.authorization.k8s.io/Role':
    case 'rbac.authorization.k8s.io/ClusterRole':
      return [{ kind: object.kind as Reference['kind'], name: object.name }];
    case 'external-secrets.io/ExternalSecret':
      return makes(object.field('spec', 'target', 'name').text);
    case 'bitnami.com/SealedSecret':
      return makes(object.field('spec', 'template', 'metadata', 'name').text);
    case 'cert-manager.io/Certificate':
      return makes(object.field('spec', 'secretName').text);
    case 'secrets.hashicorp.com/VaultStaticSecret':
    case 'secrets.hashicorp.com/VaultDynamicSecret':
      return makes(object.field('spec', 'destination', 'name').text);
    case 'onepassword.com/OnePasswordItem':
      return makes(undefined);
    case 'secrets.infisical.com/InfisicalSecret':
      return makes(object.field('spec', 'managedSecretReference', 'secretName').text);
    case 'secrets-store.csi.x-k8s.io/SecretProviderClass':
      return object
        .field('spec', 'secretObjects')
        .each()
        .flatMap((made) => makes(made.loose('secretName').text));
    default:
      return [];
  }
}

/** True for a kind by which objects choose how they are run, and that a cluster brings as a rule. */
export function isClass(kind: string): kind is keyof typeof classes {
  return Object.hasOwn(classes, kind);
}

/** How an index calls a thing that is referred to. */
export function referenceKey(kind: string, namespace: string | null, name: string): string {
  return `${kind} ${kind === 'ClusterRole' || isClass(kind) ? '' : (namespace ?? '')}/${name}`;
}
