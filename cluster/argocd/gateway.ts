import { CertificateManagerCertificateMapEntry } from '@cdktf/provider-google/lib/certificate-manager-certificate-map-entry/index.js';
import { CertificateManagerCertificateMap } from '@cdktf/provider-google/lib/certificate-manager-certificate-map/index.js';
import { CertificateManagerCertificate } from '@cdktf/provider-google/lib/certificate-manager-certificate/index.js';
import { ComputeGlobalAddress } from '@cdktf/provider-google/lib/compute-global-address/index.js';
import type { TerraformStack } from 'cdktf';
import { argoNamespace } from '../../apps/argo/application.ts';
import type { Google } from '../../settings/google/resolve.ts';
import { create } from '../stack.ts';
import type { JsonObject } from '../terraform-json.ts';

/** Where people find Argo CD: at its domain, or at their own end of a port-forward. */
export function argoCdUrl(google: Google): string {
  return `https://${google.argocd.domain ?? 'localhost:8080'}`;
}

/** What the platform stack makes for the Gateway, by the names that the Gateway asks for. */
function gatewayNames(google: Google): { readonly address: string; readonly certificateMap: string } {
  return { address: `${google.name}-argocd`, certificateMap: `${google.name}-argocd` };
}

// The chart's Service for the argocd-server, and its plain HTTP port.
const server = { name: 'argocd-server', port: 80 };

/**
 * Argo CD at its domain, through Google's global load balancer; nothing without a domain. Only HTTPS listens: a redirect
 * would be one more thing to attack.
 */
export function gatewayObjects(google: Google): JsonObject[] {
  const { domain } = google.argocd;
  if (domain === null) return [];
  const names = gatewayNames(google);
  const metadata = { name: 'argocd', namespace: argoNamespace };
  const targetRef = { group: '', kind: 'Service', name: server.name };
  return [
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { ...metadata, annotations: { 'networking.gke.io/certmap': names.certificateMap } },
      spec: {
        gatewayClassName: 'gke-l7-global-external-managed',
        listeners: [{ name: 'https', protocol: 'HTTPS', port: 443, allowedRoutes: { namespaces: { from: 'Same' } } }],
        addresses: [{ type: 'NamedAddress', value: names.address }],
      },
    },
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata,
      spec: {
        parentRefs: [{ name: metadata.name }],
        hostnames: [domain],
        rules: [{ backendRefs: [server] }],
      },
    },
    {
      // The load balancer would ask for `/`, which redirects, and call every pod ill.
      apiVersion: 'networking.gke.io/v1',
      kind: 'HealthCheckPolicy',
      metadata,
      spec: { default: { config: { type: 'HTTP', httpHealthCheck: { requestPath: '/healthz' } } }, targetRef },
    },
    {
      // Argo CD's pages follow a rollout on one long answer, which the default of 30 seconds would cut.
      apiVersion: 'networking.gke.io/v1',
      kind: 'GCPBackendPolicy',
      metadata,
      spec: { default: { timeoutSec: 3_600 }, targetRef },
    },
  ];
}

/**
 * The address and the certificate of a public Argo CD. Both outlive the Gateway, which asks for them by name: the address
 * stands in the owner's DNS, and Google signs the certificate once the name leads to it.
 */
export function gatewayAddress(stack: TerraformStack, google: Google, domain: string): ComputeGlobalAddress {
  const names = gatewayNames(google);
  const address = create(ComputeGlobalAddress, stack, 'argocd_address', { name: names.address });
  const certificate = create(CertificateManagerCertificate, stack, 'argocd_certificate', {
    name: names.certificateMap,
    managed: { domains: [domain] },
  });
  const map = create(CertificateManagerCertificateMap, stack, 'argocd_certificates', { name: names.certificateMap });
  create(CertificateManagerCertificateMapEntry, stack, 'argocd_certificate_entry', {
    name: names.certificateMap,
    map: map.name,
    hostname: domain,
    certificates: [certificate.id],
  });
  return address;
}
