import type { ManifestObject } from './object.ts';

/** Kinds of the whole cluster by which objects choose how they are run, stored or reached, by their group. */
const classes = {
  GatewayClass: 'gateway.networking.k8s.io',
  IngressClass: 'networking.k8s.io',
  PriorityClass: 'scheduling.k8s.io',
  RuntimeClass: 'node.k8s.io',
  StorageClass: 'storage.k8s.io',
};

/** A kind of object that others refer to. */
export type ReferredKind =
  | 'ConfigMap'
  | 'Secret'
  | 'ServiceAccount'
  | 'PersistentVolumeClaim'
  | 'Role'
  | 'Service'
  | 'ClusterRole'
  | keyof typeof classes;

/** What an object is, or makes, for others to refer to: an ExternalSecret makes a Secret, and so do others. */
export function provides(object: ManifestObject): readonly { readonly kind: ReferredKind; readonly name: string }[] {
  const makes = (name: string | undefined): readonly { readonly kind: 'Secret'; readonly name: string }[] => [
    { kind: 'Secret', name: name ?? object.name },
  ];
  if (isClass(object.kind))
    return object.group === classes[object.kind] ? [{ kind: object.kind, name: object.name }] : [];
  switch (object.type) {
    case '/ConfigMap':
    case '/Secret':
    case '/ServiceAccount':
    case '/Service':
    case '/PersistentVolumeClaim':
    case 'rbac.authorization.k8s.io/Role':
    case 'rbac.authorization.k8s.io/ClusterRole':
      return [{ kind: object.kind as ReferredKind, name: object.name }];
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
