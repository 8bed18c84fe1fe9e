import { isDeepStrictEqual } from 'node:util';
import { type Json, type JsonObject, textAt } from '../../terraform-json.ts';
import { because, given, Rule, type ShapeObject, text, flag } from '../shape.ts';
import { binding, role, user } from './deployers.ts';
import { controllerMonitoring } from './monitoring.ts';
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

/** The releases that ask for signatures. */
const admissionReleases: ShapeObject = {
  policy_controller: {
    ...release,
    repository: 'https://sigstore.github.io/helm-charts',
    name: 'policy-controller',
    chart: 'policy-controller',
    namespace: 'cosign-system',
    create_namespace: true,
    disable_webhooks: because(true, 'a hook would run an image without a digest'),
    timeout: 600,
  },
  admission: {
    ...release,
    name: 'admission',
    chart: 'argocd-apps',
    take_ownership: true,
    depends_on: ['helm_release.policy_controller'],
  },
};

/** All that `argocd` may be: releases of Helm, and the cluster that they go to. */
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
        ...given(owner.admitting, admissionReleases),
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
      controllerMonitoring,
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

/** One pod, or two. */
const few = new Rule((value, path) =>
  value === 1 || value === 2 ? [] : [{ path, says: `is ${JSON.stringify(value) ?? 'missing'}, expected 1 or 2` }],
);

/** The values of the chart policy-controller. */
export function expectedControllerValues(): ShapeObject {
  return {
    webhook: {
      image: {
        repository: 'ghcr.io/sigstore/policy-controller/policy-controller',
        version: because(/^sha256:[0-9a-f]{64}$/, 'a tag could be moved to another program'),
      },
      replicaCount: few,
      podDisruptionBudget: { enabled: flag },
      failurePolicy: because('Ignore', 'a webhook that is down would block a rollback'),
      configData: { 'no-match-policy': because('warn', 'images of others would be refused') },
      resources: { requests: { cpu: text, memory: text }, limits: { cpu: null, memory: text } },
      podSecurityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    },
    cosign: {
      webhookTimeoutSeconds: because(
        { mutating: 5, validating: 10 },
        'a webhook that hangs would hold pods up for longer',
      ),
    },
  };
}

/** Images, each by its digest and by a tag. */
const globs = new Rule((value, path) => {
  const images: readonly Json[] = Array.isArray(value) ? value : [];
  const wanted = images.flatMap((one) => {
    const name = /^([^*]+)@\*\*$/.exec(textAt(one, 'glob'))?.[1];
    return name === undefined ? [] : [{ glob: `${name}@**` }, { glob: `${name}:**` }];
  });
  return wanted.length > 0 && isDeepStrictEqual(wanted, value)
    ? []
    : [{ path, says: 'is no list of images, each by digest and by tag' }];
});

// Of any repository: the settings say which.
const signer = /^https:\/\/[^/]+\/[^/]+\/[^/]+\/\.github\/workflows\/release-service\.yaml@refs\/heads\/main$/;

function item(kind: string, name: string, template: ShapeObject): ShapeObject {
  return { items: [{ name }], template: { ...template, kind } };
}

/** The values of the chart argocd-apps for the release `admission`: the controller's namespace, and the policy. */
export function expectedAdmissionValues(owner: Owner): ShapeObject {
  const reads = role('cosign-system', 'plan-reads-releases', [
    { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list'] },
  ]);
  const bound = binding(
    'cosign-system',
    'plan-reads-releases',
    { kind: 'Role', name: 'plan-reads-releases' },
    user(owner, 'plan'),
  );
  return {
    itemTemplates: [
      item('Namespace', 'cosign-system', {
        apiVersion: 'v1',
        metadata: {
          name: 'cosign-system',
          labels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
          annotations: { 'helm.sh/resource-policy': 'keep' },
        },
      }),
      ...[...Object.values(reads), ...Object.values(bound)].map((template) => ({
        items: [{ name: 'plan-reads-releases' }],
        template,
      })),
      item('ClusterImagePolicy', 'built-by-release', {
        apiVersion: 'policy.sigstore.dev/v1beta1',
        metadata: { name: 'built-by-release' },
        spec: {
          mode: /^(?:warn|enforce)$/,
          images: globs,
          authorities: [
            {
              name: 'release-workflow',
              keyless: {
                url: 'https://fulcio.sigstore.dev',
                identities: because(
                  [{ issuer: 'https://token.actions.githubusercontent.com', subject: signer }],
                  'an image of another workflow or branch would be admitted',
                ),
              },
              ctlog: { url: 'https://rekor.sigstore.dev' },
            },
          ],
        },
      }),
    ],
  };
}
