import { at, type Stacks, textAt } from '../../terraform-json.ts';
import { because, type ShapeObject } from '../shape.ts';

/** What a cluster is among the others of the settings, which its own stacks do not say. */
export interface Among {
  /** The folder that its root application follows. */
  readonly argoFolder: string;
  /** The nodes of the others that pull from its registry: their accounts by the cluster's name. */
  readonly otherNodes: Readonly<Record<string, string>>;
}

/** The only cluster of the settings. */
export const alone: Among = { argoFolder: 'argocd', otherNodes: {} };

/** What the owner has decided, as the stacks have it: each value has one place here, and is expected everywhere else. */
export interface Owner extends Among {
  readonly project: string;
  readonly region: string;
  /** The region, or a zone of it. */
  readonly location: string;
  /** Begins the name of everything. */
  readonly name: string;
  readonly stateBucket: string;
  /** Where Argo CD is public; empty where it is not. */
  readonly domain: string;
  /** Whether there is any host name with a certificate. */
  readonly certified: boolean;
  /** Whether anything is watched. */
  readonly watched: boolean;
  /** Whether it asks for signatures of the images. */
  readonly admitting: boolean;
  /** Whether jobs of a repository get identities. */
  readonly federated: boolean;
  readonly budget: boolean;
  /** Where the project's own registry of images is; empty where they are in another. */
  readonly registry: string;
}

/** Reads the owner's decisions from the stacks of a cluster. */
export function ownerOf(stacks: Stacks, { argoFolder, otherNodes }: Among): Owner {
  const bootstrap = stacks.get('bootstrap');
  const platform = stacks.get('platform');
  const cluster = 'resource.google_container_cluster.cluster';
  return {
    argoFolder,
    otherNodes,
    project: textAt(platform, 'provider.google.project'),
    region: textAt(platform, 'provider.google.region'),
    location: textAt(platform, `${cluster}.location`),
    name: textAt(platform, `${cluster}.name`),
    stateBucket: textAt(platform, 'terraform.backend.gcs.bucket'),
    domain: textAt(
      platform,
      'resource.google_certificate_manager_certificate_map_entry.argocd_certificate_entry.hostname',
    ),
    certified: at(platform, 'resource.google_certificate_manager_certificate') !== undefined,
    watched: at(platform, 'resource.google_monitoring_alert_policy') !== undefined,
    admitting: at(stacks.get('argocd'), 'resource.helm_release.policy_controller') !== undefined,
    federated: at(bootstrap, 'resource.google_iam_workload_identity_pool_provider') !== undefined,
    budget: at(bootstrap, 'resource.google_billing_budget') !== undefined,
    registry: textAt(platform, 'resource.google_artifact_registry_repository.images.location'),
  };
}

/** The address of one of the owner's service accounts. */
export function account({ name, project }: Owner, identity: string): string {
  return `${name}-${identity}@${project}.iam.gserviceaccount.com`;
}

/** What every stack begins with: where its state is, and which providers run with which version. */
export function terraformBlock(owner: Owner, prefix: string, providers: ShapeObject = {}): ShapeObject {
  return {
    backend: { gcs: { bucket: owner.stateBucket, prefix } },
    // The bindings know one version of each provider; another source would be another program.
    required_providers: { google: { version: '6.50.0', source: 'google' }, ...providers },
    required_version: '>= 1.11.0',
  };
}

/** Rights on the states. Who writes the state of `bootstrap` could rewrite every right, so no job may. */
export function stateRights(owner: Owner): ShapeObject {
  const grant = (identity: string, role: string, ...prefixes: readonly string[]) => ({
    bucket: '${google_storage_bucket.state.name}',
    role,
    member: `\${google_service_account.${identity}.member}`,
    ...(prefixes.length === 0 ? {} : { condition: because(under(prefixes), 'it reaches states of other stacks') }),
  });
  const under = (prefixes: readonly string[]) => ({
    title: `under ${prefixes.join(' and ')}`,
    expression: prefixes
      .map((prefix) => `resource.name.startsWith("projects/_/buckets/${owner.stateBucket}/objects/${prefix}/")`)
      .join(' || '),
  });
  return {
    state_plan_lists: grant('plan', 'roles/storage.legacyBucketReader'),
    state_plan: grant('plan', 'roles/storage.objectViewer', 'platform', 'argocd'),
    state_plan_sees: grant('plan', 'roles/storage.objectViewer', 'plans'),
    state_plan_waits: grant('plan', 'roles/storage.objectCreator', 'plans'),
    state_apply_lists: grant('apply', 'roles/storage.legacyBucketReader'),
    state_apply: grant('apply', 'roles/storage.objectUser', 'platform', 'argocd'),
    state_apply_waits: grant('apply', 'roles/storage.objectViewer', 'plans'),
  };
}

/** The bucket of the states: it forgets nothing, and nobody makes it public. */
export function stateBucket(owner: Owner): ShapeObject {
  return {
    name: owner.stateBucket,
    location: owner.region,
    public_access_prevention: because('enforced', 'the state could be made public'),
    uniform_bucket_level_access: because(true, 'single objects could have rights of their own'),
    versioning: because({ enabled: true }, 'a broken state could not be brought back'),
    lifecycle_rule: because(
      [
        { action: { type: 'Delete' }, condition: { num_newer_versions: 20 } },
        { action: { type: 'Delete' }, condition: { age: 14, matches_prefix: ['plans/'], with_state: 'ANY' } },
      ],
      'a state could be deleted, or a plan kept',
    ),
    lifecycle: because({ prevent_destroy: true }, 'one apply could delete every state'),
  };
}
