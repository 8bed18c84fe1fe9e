import type { Folder } from './folder.ts';
import { type Field, isRecord, type ManifestObject } from './object.ts';
import type { ReferredKind } from './provided.ts';
import type { Workload } from './workload.ts';

/** What an object needs of another one. */
export interface Reference {
  readonly kind: ReferredKind;
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
    ...rolloutServices(workload),
    ...(workload.object.as('apps/StatefulSet')?.at('spec', 'volumeClaimTemplates').items() ?? []).flatMap((claim) =>
      named('StorageClass', claim.at('spec', 'storageClassName'), 'other'),
    ),
  ];
}

/** The Services between which Argo Rollouts moves requests. It does nothing as long as one is missing. */
function rolloutServices({ object }: Workload): readonly Reference[] {
  if (!object.is('argoproj.io/Rollout')) return [];
  return [
    ['blueGreen', 'activeService'],
    ['blueGreen', 'previewService'],
    ['canary', 'stableService'],
    ['canary', 'canaryService'],
  ].flatMap((keys) => named('Service', object.field('spec', 'strategy', ...keys), 'other'));
}

function volumeReferences(workload: Workload): readonly Reference[] {
  // A file that is mounted by subPath never changes in a pod that runs.
  const mounts = workload.everyContainer.flatMap((container) => container.at('volumeMounts').items());
  return workload.pod
    .at('volumes')
    .items()
    .flatMap((volume) => {
      const own = mounts.filter((mount) => mount.at('name').value === volume.at('name').value);
      const parts = own.map((mount) => mount.at('subPath')).filter(({ isSet }) => isSet);
      const how = parts.length > 0 ? 'start' : 'file';
      // A file that is mounted alone is the key of its name.
      const files = parts.length === own.length ? parts : [];
      const projected = volume.at('projected', 'sources').items();
      return [
        ...sourceReferences('ConfigMap', volume.at('configMap'), how, 'name', files),
        ...sourceReferences('Secret', volume.at('secret'), how, 'secretName', files),
        ...projected.flatMap((source) => [
          ...sourceReferences('ConfigMap', source.at('configMap'), how),
          ...sourceReferences('Secret', source.at('secret'), how),
        ]),
        ...named('Secret', volume.at('csi', 'nodePublishSecretRef', 'name'), 'other'),
        ...named('Secret', volume.at('azureFile', 'secretName'), 'other'),
        ...(['cephfs', 'flexVolume', 'iscsi', 'rbd', 'scaleIO', 'storageos'] as const).flatMap((kind) =>
          named('Secret', volume.at(kind).loose('secretRef', 'name'), 'other'),
        ),
        ...named(
          'StorageClass',
          volume.at('ephemeral').loose('volumeClaimTemplate', 'spec', 'storageClassName'),
          'other',
        ),
        ...named('PersistentVolumeClaim', volume.at('persistentVolumeClaim', 'claimName'), 'other'),
      ];
    });
}

/** A source of variables or files: as a whole, by one key, or by the keys of its items. */
function sourceReferences(
  kind: ReferredKind,
  source: Field<unknown>,
  how: Reference['how'],
  nameKey: 'name' | 'secretName' = 'name',
  files: readonly Field<unknown>[] = [],
): readonly Reference[] {
  if (!isRecord(source.value) || source.value['optional'] === true) return [];
  const name = source.loose(nameKey);
  const items = source.loose('items').each();
  const keys = [source.loose('key'), ...(items.length > 0 ? items.map((item) => item.loose('key')) : files)];
  const read = keys.flatMap((at) => (at.text === undefined ? [] : named(kind, name, how, at)));
  return read.length > 0 ? read : named(kind, name, how);
}

function named(
  kind: ReferredKind,
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
