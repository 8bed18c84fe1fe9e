import { type BudgetSettings, type GitHubSettings, google as schema, type GoogleSettings } from '../google.ts';
import type { Problem } from '../sentences.ts';
import { networkProblems } from './network.ts';

type ClusterSize = NonNullable<GoogleSettings['size']>;
type NetworkSettings = NonNullable<GoogleSettings['network']>;
/** The ranges that every cluster has, and that of the proxies where it is said. */
type Network = Required<Omit<NetworkSettings, 'proxies'>> & Pick<NetworkSettings, 'proxies'>;
type NodeSettings = NonNullable<GoogleSettings['nodes']>;
type SingleSignOnSettings = NonNullable<NonNullable<GoogleSettings['argocd']>['singleSignOn']>;

/** The Google settings with every default filled in. */
export interface Google {
  readonly project: string;
  readonly region: string;
  readonly size: ClusterSize;
  /** The region, or the zone of a demo cluster. */
  readonly location: string;
  readonly zones: number;
  readonly name: string;
  readonly stateBucket: string;
  readonly network: Network;
  readonly nodes: Required<NodeSettings>;
  readonly github: GitHubSettings | null;
  readonly argocd: {
    readonly highAvailability: boolean;
    readonly domain: string | null;
    readonly singleSignOn: SingleSignOnSettings | null;
  };
  readonly budget: BudgetSettings | null;
  readonly admission: NonNullable<GoogleSettings['admission']>;
  readonly alertEmail: string | null;
  readonly maintenanceHourUtc: number;
  /** False only while everything is taken down. */
  readonly deletionProtection: boolean;
  readonly allowRecreation: readonly string[];
}

/** What one word decides. */
interface SizeDefaults {
  /** GKE spreads a regional cluster over three zones. */
  readonly zones: number;
  readonly nodes: Required<NodeSettings>;
  readonly highAvailability: boolean;
}

export const sizes: Readonly<Record<ClusterSize, SizeDefaults>> = {
  production: {
    zones: 3,
    nodes: { machineType: 'e2-standard-2', minimumPerZone: 1, maximumPerZone: 3, diskGb: 50, spot: false },
    highAvailability: true,
  },
  demo: {
    zones: 1,
    // Two, because a rollout on one node shows nothing of what a lost node would do.
    nodes: { machineType: 'e2-standard-2', minimumPerZone: 2, maximumPerZone: 3, diskGb: 30, spot: false },
    highAvailability: false,
  },
};

// The original's own ranges: its pods and services keep the addresses that people know.
const defaultNetwork: Network = {
  nodes: '10.10.0.0/24',
  pods: '10.244.0.0/14',
  services: '10.248.0.0/20',
};

const defaultName = 'zerodrop';

/** Fills in what the owner left out. The settings must have passed the schema of google.ts. */
export function resolveGoogle(google: GoogleSettings): Google {
  const { project, region, size = 'production', name = defaultName } = google;
  const defaults = sizes[size];
  return {
    project,
    region,
    size,
    // Not every region has a zone a (europe-west1, us-east1); each has a zone b.
    location: size === 'production' ? region : (google.zone ?? `${region}-b`),
    zones: defaults.zones,
    name,
    stateBucket: google.stateBucket ?? `${project}-${name}-state`,
    network: { ...defaultNetwork, ...google.network },
    nodes: { ...defaults.nodes, ...google.nodes },
    github: google.github ?? null,
    argocd: {
      highAvailability: google.argocd?.highAvailability ?? defaults.highAvailability,
      domain: google.argocd?.domain ?? null,
      singleSignOn: google.argocd?.singleSignOn ?? null,
    },
    budget: google.budget ?? null,
    admission: google.admission ?? 'warn',
    alertEmail: google.alertEmail ?? null,
    maintenanceHourUtc: google.maintenanceHourUtc ?? 18,
    deletionProtection: google.teardown !== true,
    allowRecreation: google.allowRecreation ?? [],
  };
}

/** What gcloud calls a cluster in a kubeconfig. */
export function contextName({ project, location, name }: Google): string {
  return `gke_${project}_${location}_${name}`;
}

/** The context to use for a cluster of the settings: its own among several, the current one (null) for an only one. */
export function contextOf(
  settings: { readonly clusters: readonly object[] },
  cluster: { readonly google: GoogleSettings },
): string | null {
  return settings.clusters.length === 1 ? null : contextName(resolveGoogle(cluster.google));
}

/** `google` of a cluster in settings.ts: each setting by itself, and how they go together. */
export const google = schema.superRefine((value, context) => {
  for (const { path, message } of [...choiceProblems(value), ...networkProblems(resolveGoogle(value))])
    context.addIssue({ code: 'custom', path: [...path], message });
});

// Two pods of a part on one node are lost with it.
const highAvailabilityNodes = 2;

/** Choices that don't go together, each right by itself. */
function* choiceProblems(settings: GoogleSettings): Generator<Problem> {
  const { size, region, zones, nodes: machines, stateBucket, argocd: access } = resolveGoogle(settings);
  const { zone } = settings;
  if (zone !== undefined && size !== 'demo') {
    const message =
      ', but a production cluster takes three zones of its region. Leave it out, or set google.size to demo.';
    yield { path: ['zone'], message };
  } else if (zone !== undefined && !new RegExp(`^${region}-[a-f]$`).test(zone)) {
    yield { path: ['zone'], message: `, expected a zone of google.region such as '${region}-b'.` };
  }
  if (settings.stateBucket === undefined && stateBucket.includes('goog')) {
    const message = `, and its default '${stateBucket}' contains 'goog', which Google reserves. Name a bucket.`;
    yield { path: ['stateBucket'], message };
  }
  const { minimumPerZone: least, maximumPerZone: most, spot } = machines;
  if (most < least) {
    const message = `is ${most}, less than minimumPerZone ${least}. Raise it to ${least} or more.`;
    yield { path: ['nodes', 'maximumPerZone'], message };
  }
  if (spot && size === 'production') {
    const message =
      ', but Google takes spot nodes back with 30 seconds’ notice and the requests on them are lost. Leave it out, or set google.size to demo.';
    yield { path: ['nodes', 'spot'], message };
  }
  const count = least * zones;
  if (access.highAvailability && count < highAvailabilityNodes) {
    const message = `is true, but google.nodes.minimumPerZone makes for ${count} ${count === 1 ? 'node' : 'nodes'}, and two pods of a part are lost with one node: it takes ${highAvailabilityNodes}. Raise minimumPerZone, or set highAvailability to false.`;
    yield { path: ['argocd', 'highAvailability'], message };
  }
  if (access.domain !== null && access.singleSignOn === null) {
    const message = ', which opens Argo CD to everyone who finds it. Set google.argocd.singleSignOn too.';
    yield { path: ['argocd', 'domain'], message };
  }
}
