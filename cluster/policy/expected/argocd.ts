import { type JsonObject, textAt } from '../../terraform-json.ts';
import { type ShapeObject, because, text } from '../shape.ts';
import { type Owner, terraformBlock } from './owner.ts';

const host =
  'https://${data.google_container_cluster.cluster.control_plane_endpoints_config[0].dns_endpoint_config[0].endpoint}';

const release = {
  repository: 'https://argoproj.github.io/argo-helm',
  version: because(/^\d+\.\d+\.\d+$/, 'an apply could upgrade it unseen'),
  namespace: 'argocd',
  atomic: true,
  wait: true,
  max_history: 5,
  // Read by cluster/policy.ts, and by secrets.ts. Terraform would put a file's content where an expression says so.
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

// A project's list of repositories holds patterns, so none may be in it.
const oneRepository = /^(?:https:\/\/|ssh:\/\/|git@)[^\s*?[\]{}!]+$/;
const destination = { server: 'https://kubernetes.default.svc', namespace: 'argocd' };

function project(name: string, spec: ShapeObject): ShapeObject {
  return {
    items: [{ name }],
    template: {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name, namespace: 'argocd' },
      spec: { description: /./, ...spec },
    },
  };
}

/** The values of the chart argocd-apps: a root that makes projects and applications alone, and an empty project `default`. */
export function expectedRootValues({ argoFolder }: Owner, values: JsonObject): ShapeObject {
  const repository = textAt(values, 'applications.root.source.repoURL');

  return {
    itemTemplates: [
      project('root', {
        sourceRepos: because([repository], 'the root could follow another repository'),
        destinations: because([destination], 'the root could reach another namespace'),
        destinationServiceAccounts: because(
          [{ ...destination, defaultServiceAccount: 'argocd:deploy-argocd' }],
          'the root could act as another account',
        ),
        // A missing list permits every kind.
        namespaceResourceWhitelist: because(
          [
            { group: 'argoproj.io', kind: 'Application' },
            { group: 'argoproj.io', kind: 'AppProject' },
          ],
          'the root could make what runs',
        ),
      }),
      project('default', {
        sourceRepos: because([], 'an application without a project of its own could run'),
        destinations: because([], 'an application without a project of its own could run'),
        clusterResourceWhitelist: because([], 'an application without a project could make kinds of the whole cluster'),
        namespaceResourceBlacklist: [{ group: '*', kind: '*' }],
      }),
    ],
    applications: {
      root: {
        namespace: 'argocd',
        project: 'root',
        source: {
          repoURL: oneRepository,
          targetRevision: 'main',
          path: because(argoFolder, 'Argo CD would make what is for another cluster'),
        },
        destination,
        syncPolicy: {
          automated: { enabled: true, prune: true, selfHeal: true, allowEmpty: false },
          retry: { limit: 5, backoff: { duration: '5s', factor: 2, maxDuration: '1m' }, refresh: true },
          syncOptions: ['ServerSideApply=true', 'PruneLast=true', 'FailOnSharedResource=true'],
        },
      },
    },
  };
}
