import { CertificateManagerCertificateMapEntry } from '@cdktf/provider-google/lib/certificate-manager-certificate-map-entry/index.js';
import { CertificateManagerCertificateMap } from '@cdktf/provider-google/lib/certificate-manager-certificate-map/index.js';
import { CertificateManagerCertificate } from '@cdktf/provider-google/lib/certificate-manager-certificate/index.js';
import { ComputeGlobalAddress } from '@cdktf/provider-google/lib/compute-global-address/index.js';
import type { TerraformStack } from 'cdktf';
import type { Google } from '../../settings/google/resolve.ts';
import { gatewayNames } from '../argocd/gateway.ts';
import { create } from '../create.ts';

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
