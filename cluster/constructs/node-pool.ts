import type { ContainerCluster } from '@cdktf/provider-google/lib/container-cluster/index.js';
import { ContainerNodePool } from '@cdktf/provider-google/lib/container-node-pool/index.js';
import type { TerraformStack } from 'cdktf';
import type { Google } from '../../settings/google/resolve.ts';
import { sizes } from '../../settings/google/resolve.ts';
import { create } from '../create.ts';
import { email } from '../identities.ts';

/** The nodes. Sources as in {@link file://./gke.ts}. */
export function nodePool(stack: TerraformStack, google: Google, cluster: ContainerCluster): ContainerNodePool {
  const { minimumPerZone, maximumPerZone, machineType, diskGb, spot } = google.nodes;
  return create(ContainerNodePool, stack, 'nodes', {
    name: 'nodes',
    cluster: cluster.id,
    // As the cluster's: in a region, its three zones.
    location: google.location,
    // Not the owner's minimum: a change of this makes the pool anew, and the autoscaler finds the minimum by itself.
    initialNodeCount: sizes[google.size].nodes.minimumPerZone,
    // Evenly over the zones: the loss of one takes a third [provider].
    autoscaling: { minNodeCount: minimumPerZone, maxNodeCount: maximumPerZone, locationPolicy: 'BALANCED' },
    // A broken node is replaced, an old one upgraded; both drain first [safer].
    management: { autoRepair: true, autoUpgrade: true },
    // One more first, then one less: pods always have where to go [safer].
    upgradeSettings: { strategy: 'SURGE', maxSurge: 1, maxUnavailable: 0 },
    nodeConfig: {
      machineType,
      // Taken back with 30 seconds' notice; settings refuse it in production.
      spot,
      // Solid state: a new node unpacks its images on it [golden].
      diskType: 'pd-balanced',
      diskSizeGb: diskGb,
      // Small, read-only, made for containers [safer].
      imageType: 'COS_CONTAINERD',
      // An account that may write logs and read images, instead of the project's editor [CIS 5.2.1].
      serviceAccount: email(google, 'nodes'),
      // Wide on purpose: IAM decides, and scopes would hide why something is refused [golden].
      oauthScopes: ['https://www.googleapis.com/auth/cloud-platform'],
      // Pods ask GKE for identities, not the machine's metadata [golden].
      workloadMetadataConfig: { mode: 'GKE_METADATA' },
      // Metadata answers only to those who ask with its header [safer].
      metadata: { 'disable-legacy-endpoints': 'true' },
      // Boots only what Google signed, and notices a change of it [golden].
      shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
      // No CPU is set aside for a pod; the unauthenticated port stays shut [golden].
      kubeletConfig: { cpuManagerPolicy: 'none', insecureKubeletReadonlyPortEnabled: 'FALSE' },
    },
    // The autoscaler decides how many; without this each apply would set them back [provider].
    lifecycle: { ignoreChanges: ['initial_node_count', 'node_count'] },
  });
}
