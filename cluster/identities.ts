import { type Google, resolveGoogle } from '../settings/google/resolve.ts';
import type { Cluster, Settings } from '../settings/settings.ts';

/** The identities that jobs of the repository become. */
export const jobIdentities = ['push', 'plan', 'apply', 'verify'] as const;

/** Who acts at Google: the nodes, and CI in each of its jobs. */
export const identities = ['nodes', ...jobIdentities] as const;

export type JobIdentity = (typeof jobIdentities)[number];
export type IdentityName = (typeof identities)[number];

/** The account id of an identity's service account. */
export function accountId(google: Google, name: IdentityName): string {
  return `${google.name}-${name}`;
}

/** The address of an identity's service account. Known before it is made, so that no stack reads another's state. */
export function email(google: Google, name: IdentityName): string {
  return `${accountId(google, name)}@${google.project}.iam.gserviceaccount.com`;
}

/** An identity as IAM names it. */
export function member(google: Google, name: IdentityName): string {
  return `serviceAccount:${email(google, name)}`;
}

/** What gcloud calls a cluster in a kubeconfig. */
export function contextName({ project, location, name }: Google): string {
  return `gke_${project}_${location}_${name}`;
}

/** The context to use for a cluster of the settings: its own among several, the current one (null) for an only one. */
export function contextOf(
  { clusters }: Pick<Settings, 'clusters'>,
  { google }: Pick<Cluster, 'google'>,
): string | null {
  return clusters.length === 1 ? null : contextName(resolveGoogle(google));
}
