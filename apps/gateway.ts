import type { IApplication } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application';
import { following } from './argo/application.ts';
import { type Gateway, gatewayLabel, gatewayName } from './exposure.ts';
import { manifestsPath } from './pins.ts';

const classes = { global: 'gke-l7-global-external-managed', regional: 'gke-l7-regional-external-managed' } as const;

const metadataOf = ({ name }: Gateway, own: string) => ({
  name: own,
  namespace: name,
  labels: { 'app.kubernetes.io/name': gatewayName },
});

/**
 * The Gateway of an environment: HTTPS with the certificates that the platform stack makes, on the address that it reserves, and a redirect
 * from HTTP. What the definitions fill in by themselves is written, so that Argo CD has nothing to compare.
 *
 * Which services it leads to is in their routes. A service that comes changes it only where it is regional: there each certificate is
 * named, while a global one names their map (GKE, "Secure a Gateway").
 */
export function gatewayObjects(gateway: Gateway): readonly object[] {
  const { scope, address, certificates, environment } = gateway;
  const isGlobal = scope === 'global';
  const selector = { matchLabels: { [gatewayLabel]: environment.name } };
  return [
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: {
        ...metadataOf(gateway, gatewayName),
        ...(isGlobal && { annotations: { 'networking.gke.io/certmap': address } }),
      },
      spec: {
        gatewayClassName: classes[scope],
        addresses: [{ type: 'NamedAddress', value: address }],
        listeners: [
          { name: 'http', protocol: 'HTTP', port: 80, allowedRoutes: { namespaces: { from: 'Same' } } },
          {
            name: 'https',
            protocol: 'HTTPS',
            port: 443,
            ...(!isGlobal && {
              tls: {
                mode: 'Terminate',
                options: { 'networking.gke.io/cert-manager-certs': certificates.map(({ name }) => name).join(',') },
              },
            }),
            allowedRoutes: { namespaces: { from: 'Selector', selector } },
          },
        ],
      },
    },
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: metadataOf(gateway, 'to-https'),
      spec: {
        parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: gatewayName, sectionName: 'http' }],
        rules: [
          {
            matches: [{ path: { type: 'PathPrefix', value: '/' } }],
            filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }],
          },
        ],
      },
    },
  ];
}

/** The Application that follows an environment's Gateway. It has no environment's label: that finds the services of one. */
export function gatewayApplication(repository: string, { name, path }: Gateway): IApplication {
  const { metadata, ...rest } = following(repository, {
    name,
    project: gatewayName,
    path: manifestsPath(path),
    namespace: name,
  });
  const annotations = {
    'argocd.argoproj.io/skip-reconcile': 'false',
    'argocd.argoproj.io/manifest-generate-paths': `/${manifestsPath(path)}`,
  };
  return { ...rest, metadata: { ...metadata, labels: { 'app.kubernetes.io/name': gatewayName }, annotations } };
}
