import { repositoryPage } from '../../github/address.ts';
import type { Google } from '../../settings/google/resolve.ts';
import type { ClusterProject } from '../cluster-project.ts';
import { admissionNamespace, email, type Signer, signerOf } from '../identities.ts';
import type { JsonObject } from '../terraform-json.ts';
import { policyControllerDigest } from '../versions.ts';

/** What an admission controller does about images that the release workflow has not signed. */
interface Admission {
  readonly mode: 'warn' | 'enforce';
  readonly signer: Signer;
}

/** What the settings decide; null where they turn it off. */
export function admissionOf({ google, repository }: Pick<ClusterProject, 'google' | 'repository'>): Admission | null {
  const page = repositoryPage(repository);
  return google.admission === 'off' || page === null ? null : { mode: google.admission, signer: signerOf(page) };
}

/**
 * The values of the chart policy-controller. Its webhook fails open: while it does not answer, a pod starts without a question, because a
 * rollback must not wait for it.
 */
export function controllerValues({ argocd: { highAvailability } }: Google): JsonObject {
  return {
    webhook: {
      image: {
        repository: 'ghcr.io/sigstore/policy-controller/policy-controller',
        version: policyControllerDigest,
      },
      replicaCount: highAvailability ? 2 : 1,
      // Of one pod a budget of one would block every drain of its node.
      podDisruptionBudget: { enabled: highAvailability },
      failurePolicy: 'Ignore',
      // Images of others than ours are let in, and told.
      configData: { 'no-match-policy': 'warn' },
      // No limit on CPU: a throttled webhook answers late, and what it does not answer in time is let in.
      resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: null, memory: '512Mi' } },
      podSecurityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    },
    // In seconds. The API server waits for both, so a webhook that hangs costs each new pod 15 s.
    cosign: { webhookTimeoutSeconds: { mutating: 5, validating: 10 } },
  };
}

/** Each image by its digest, and by a tag alone: policy-controller sees one or the other (its pkg/apis/glob). */
function globs({ targets }: Pick<ClusterProject, 'targets'>): JsonObject[] {
  const images = new Set(targets.map(({ service }) => service.image));
  return [...images].toSorted().flatMap((image) => [{ glob: `${image}@**` }, { glob: `${image}:**` }]);
}

function policy({ targets }: Pick<ClusterProject, 'targets'>, { mode, signer }: Admission): JsonObject {
  return {
    apiVersion: 'policy.sigstore.dev/v1beta1',
    kind: 'ClusterImagePolicy',
    metadata: { name: 'built-by-release' },
    spec: {
      mode,
      images: globs({ targets }),
      authorities: [
        {
          name: 'release-workflow',
          keyless: {
            url: 'https://fulcio.sigstore.dev',
            identities: [{ issuer: signer.issuer, subject: signer.subject }],
          },
          ctlog: { url: 'https://rekor.sigstore.dev' },
        },
      ],
    },
  };
}

/** What CI may read there to plan: Helm's own record. */
function readsReleases(google: Google): JsonObject[] {
  const rbac = 'rbac.authorization.k8s.io';
  const metadata = { name: 'plan-reads-releases', namespace: admissionNamespace };
  return [
    {
      apiVersion: `${rbac}/v1`,
      kind: 'Role',
      metadata,
      rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list'] }],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: rbac, kind: 'Role', name: metadata.name },
      subjects: [{ apiGroup: rbac, kind: 'User', name: email(google, 'plan') }],
    },
  ];
}

/** What is installed once the controller's kinds are there: its policy, and its namespace with rules of its own. */
export function admissionObjects(
  cluster: Pick<ClusterProject, 'google' | 'targets'>,
  admission: Admission,
): JsonObject[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: admissionNamespace,
        labels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
        // With the release would go the controller, and what it left in the webhooks.
        annotations: { 'helm.sh/resource-policy': 'keep' },
      },
    },
    ...readsReleases(cluster.google),
    policy(cluster, admission),
  ];
}
