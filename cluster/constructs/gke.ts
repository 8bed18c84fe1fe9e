import type { ComputeNetwork } from '@cdktf/provider-google/lib/compute-network/index.js';
import type { ComputeSubnetwork } from '@cdktf/provider-google/lib/compute-subnetwork/index.js';
import {
  type ContainerClusterMaintenancePolicy,
  ContainerCluster,
} from '@cdktf/provider-google/lib/container-cluster/index.js';
import { ContainerNodePool } from '@cdktf/provider-google/lib/container-node-pool/index.js';
import type { TerraformStack } from 'cdktf';
import { type Google, sizes } from '../../settings/google/resolve.ts';
import { email } from '../identities.ts';
import { create } from '../stack.ts';
import { ranges } from './network.ts';

const windowHours = 6;

/**
 * When Google may upgrade control plane and nodes: six windowHours on Tuesdays, Wednesdays and Thursdays, so that a working day
 * follows. The hour is in UTC, and its default is the same for every region: night in Jakarta, the afternoon in New York.
 * GKE asks for at least 48 windowHours in 32 days; this makes 78.
 */
export function maintenanceWindow(hourUtc: number): ContainerClusterMaintenancePolicy {
  // A date in the past: only its hour and the recurrence count, and a fixed one renders the same every day.
  const start = Date.UTC(2026, 0, 1, hourUtc);
  const end = start + windowHours * 3_600_000;
  return {
    recurringWindow: { startTime: timestamp(start), endTime: timestamp(end), recurrence: 'FREQ=WEEKLY;BYDAY=TU,WE,TH' },
  };
}

/** RFC 3339 as Google reads it back, without milliseconds: else every plan would show a difference. */
function timestamp(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

/**
 * The cluster: Standard, VPC-native, with private nodes. What must not be changed once it runs is in
 * docs/reference/what-recreates-the-cluster.md.
 *
 * Sources: [golden] google/skills gke-golden-path, [safer] terraform-google-modules safer-cluster 44.2.0 and its node pools, [CIS] CIS GKE
 * Benchmark 2.0.0, [provider] google provider 6.50, its documentation or its source.
 */
export function gke(
  stack: TerraformStack,
  google: Google,
  { vpc, subnet }: { readonly vpc: ComputeNetwork; readonly subnet: ComputeSubnetwork },
): ContainerCluster {
  return create(ContainerCluster, stack, 'cluster', {
    name: google.name,
    // A region: three control planes, so that an upgrade of one is no outage [golden]. A zone: a demo.
    location: google.location,
    // Ours: the default network has a subnet, and firewall rules, in every region.
    network: vpc.id,
    subnetwork: subnet.id,

    // The pool that GKE makes by itself can't be changed in place: it goes, ours comes [provider].
    removeDefaultNodePool: true,
    initialNodeCount: 1,
    // Until then it runs as the nodes' account: CI may act as no other, and the project's default may edit everything.
    // Small, and no solid state: these minutes should not need a new project's quota. Secure boot, as some policies ask it of all.
    nodeConfig: {
      serviceAccount: email(google, 'nodes'),
      oauthScopes: ['https://www.googleapis.com/auth/cloud-platform'],
      diskType: 'pd-standard',
      diskSizeGb: 20,
      shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
    },

    // By name. A CIDR here makes GKE own the ranges, and the next plan replace the cluster [provider #6761, #2115].
    networkingMode: 'VPC_NATIVE',
    ipAllocationPolicy: {
      clusterSecondaryRangeName: ranges.pods,
      servicesSecondaryRangeName: ranges.services,
      stackType: 'IPV4',
    },

    // Tested by others first, then rolled out to us; no channel at all is deprecated [CIS 5.5.4].
    releaseChannel: { channel: 'REGULAR' },
    maintenancePolicy: maintenanceWindow(google.maintenanceHourUtc),

    // Dataplane V2 enforces network policies without an add-on [golden].
    datapathProvider: 'ADVANCED_DATAPATH',
    // Pods become Google identities by annotation; no key is ever made [golden, safer].
    workloadIdentityConfig: { workloadPool: `${google.project}.svc.id.goog` },
    // No node has a public address [safer]. The second says nothing to GKE while there is no IP endpoint, and is what the
    // provider reads back then: without it each plan shows a change that no apply makes [provider #27901].
    privateClusterConfig: { enablePrivateNodes: true, enablePrivateEndpoint: true },
    // One door, guarded by IAM (container.clusters.connect); no list of office addresses to keep [CIS 5.6.4].
    controlPlaneEndpointsConfig: {
      dnsEndpointConfig: { allowExternalTraffic: true },
      ipEndpointsConfig: { enabled: false },
    },
    // No client certificate: it can't be revoked [safer].
    masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
    // Nobody is everybody: no binding for all users, no anonymous calls but to health checks [golden].
    rbacBindingConfig: {
      enableInsecureBindingSystemAuthenticated: false,
      enableInsecureBindingSystemUnauthenticated: false,
    },
    anonymousAuthenticationConfig: { mode: 'LIMITED' },
    // Nodes prove that they run what Google booted [golden].
    enableShieldedNodes: true,
    // Reports workloads with known bad configurations [golden].
    securityPostureConfig: { mode: 'BASIC' },
    // An attestor has to exist before this can be on, else no pod starts: docs/adr/0011.
    binaryAuthorization: { evaluationMode: 'DISABLED' },

    // A Google load balancer made from Gateway objects [golden].
    gatewayApiConfig: { channel: 'CHANNEL_STANDARD' },
    // From the first day: turning it off again re-creates the cluster [provider].
    enableL4IlbSubsetting: true,
    // Answers names without kube-dns pods to lose [golden].
    dnsConfig: { clusterDns: 'CLOUD_DNS', clusterDnsScope: 'CLUSTER_SCOPE', clusterDnsDomain: 'cluster.local' },
    addonsConfig: {
      // Gateway and container-native load balancing need it.
      httpLoadBalancing: { disabled: false },
      // A name is answered on the node: a lost packet to a DNS server is no five-second pause [golden].
      dnsCacheConfig: { enabled: true },
      // Disks for pods that ask for one [golden].
      gcePersistentDiskCsiDriverConfig: { enabled: true },
    },
    // Pods mount secrets from Secret Manager as files [golden].
    secretManagerConfig: { enabled: true },

    // What nodes and pods say, kept by Google [golden].
    loggingConfig: { enableComponents: ['SYSTEM_COMPONENTS', 'WORKLOADS'] },
    monitoringConfig: {
      enableComponents: ['SYSTEM_COMPONENTS'],
      // Collects metrics without a Prometheus of our own, of pods that a PodMonitoring names [golden].
      managedPrometheus: { enabled: true },
      advancedDatapathObservabilityConfig: { enableMetrics: true, enableRelay: false },
    },
    // Says what each namespace costs, in the bill [golden].
    costManagementConfig: { enabled: true },
    // Recommends requests; it changes nothing by itself [golden].
    verticalPodAutoscaling: { enabled: true },
    // Nodes of any pool: the kubelet's unauthenticated port stays shut [golden]. The provider may not apply it here
    // [provider #19520], so the pool says it too.
    nodePoolDefaults: {
      nodeConfigDefaults: { insecureKubeletReadonlyPortEnabled: 'FALSE', loggingVariant: 'DEFAULT' },
    },

    // Google refuses a delete, and Terraform refuses to plan one [provider].
    deletionProtection: google.deletionProtection,
    lifecycle: {
      preventDestroy: google.deletionProtection,
      // Both describe the removed pool, whose read-back made plans replace the cluster [provider #11022].
      ignoreChanges: ['node_config', 'initial_node_count'],
    },
    // Of both sizes; an update of many settings is one operation after the other [module, provider].
    timeouts: { create: '45m', update: '90m', delete: '45m' },
  });
}

/** The nodes. Sources as in {@link gke}. */
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
