import type { ShapeObject } from '../shape.ts';
import { because, text } from '../shape.ts';
import type { Owner } from './owner.ts';
import { terraformBlock } from './terraform.ts';

const host =
  'https://${data.google_container_cluster.cluster.control_plane_endpoints_config[0].dns_endpoint_config[0].endpoint}';

const release = {
  repository: 'https://argoproj.github.io/argo-helm',
  version: because(/^\d+\.\d+\.\d+$/, 'an apply could upgrade it unseen'),
  namespace: 'argocd',
  atomic: true,
  wait: true,
  max_history: 5,
  // Read by cluster/policy/argocd.ts, and by secrets.ts. Terraform would put a file's content where an expression says so.
  values: [text],
};

/** All that `argocd` may be: two releases of Helm, and the cluster that they go to. */
export function expectedArgoCd(owner: Owner): ShapeObject {
  return {
    terraform: terraformBlock(owner, 'argocd', { helm: { version: '3.1.1', source: 'helm' } }),
    provider: {
      google: [{ project: owner.project, region: owner.region }],
      helm: [
        {
          helm_driver: because('configmap', 'a plan would have to read every Secret'),
          kubernetes: {
            host,
            exec: {
              api_version: 'client.authentication.k8s.io/v1beta1',
              command: 'gke-gcloud-auth-plugin',
              args: ['--use_application_default_credentials'],
            },
          },
        },
      ],
    },
    data: { google_container_cluster: { cluster: { name: owner.name, location: owner.location } } },
    resource: {
      helm_release: {
        argocd: {
          ...release,
          name: 'argocd',
          chart: 'argo-cd',
          create_namespace: true,
          take_ownership: true,
          timeout: 900,
        },
        root: {
          ...release,
          name: 'root',
          chart: 'argocd-apps',
          take_ownership: true,
          depends_on: ['helm_release.argocd'],
        },
      },
    },
  };
}
