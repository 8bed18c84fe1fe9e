import type { Google } from '../settings/google/resolve.ts';

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

/** Whose signature counts: an identity of OpenID Connect, and who vouches for it. */
export interface Signer {
  readonly issuer: string;
  readonly subject: string;
}

/** The workflow that verifies rollouts and signs receipts, on main. As {@link signerOf}. */
export function receiptSignerOf(page: string): Signer {
  const { issuer } = signerOf(page);
  return { issuer, subject: `${page}/.github/workflows/verify-target.yaml@refs/heads/main` };
}

/**
 * The workflow that builds and signs images, on main. A certificate names the workflow that is called (the token's `job_workflow_ref`), and
 * not the one that calls it.
 *
 * @param page the repository's address at GitHub: `https://github.com/OWNER/NAME`
 */
export function signerOf(page: string): Signer {
  return {
    issuer: 'https://token.actions.githubusercontent.com',
    subject: `${page}/.github/workflows/release-service.yaml@refs/heads/main`,
  };
}

/** Where the admission controller runs. */
export const admissionNamespace = 'cosign-system';

/** The controller's account, as Google's workload identity names it. The chart calls it so. */
export const admissionAccount = `ns/${admissionNamespace}/sa/policy-controller-webhook`;
