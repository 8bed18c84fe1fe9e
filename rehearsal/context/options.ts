import type { GivenImage } from './images/given.ts';

/** Where v1 and v2 come from: built and pushed to `HOST[/PATH]`, or two that exist. */
export type ImageOptions = { readonly registry: string } | { readonly given: readonly [GivenImage, GivenImage] };

/** What a rehearsal on a real cluster is asked for beyond any other. */
export interface ContextOptions {
  /** Of the kubeconfig. */
  readonly context: string;
  readonly images: ImageOptions;
  /** The address of this machine at which Argo CD reaches the scratch repository. */
  readonly gitHost: string;
  /** A repository that exists, used instead of a scratch one. */
  readonly repository: string | null;
  readonly expose: 'node-port' | 'load-balancer';
  /** Where the service is reached; null to find it out. */
  readonly url: string | null;
  /** Argo CD's webhook, asked instead of the refresh annotation. */
  readonly webhook: string | null;
  /** The secret that the webhook is signed with; null for none. */
  readonly webhookSecret: string | null;
  /** Ask for nothing: wait for Argo CD's own polling. */
  readonly poll: boolean;
  /** Leave the namespace, and what runs in it, at the end. */
  readonly keep: boolean;
}
