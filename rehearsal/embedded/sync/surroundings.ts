import type { ApplicationObservation } from 'zerodrop/rollout';
import type { Application } from './application.ts';
import type { Health } from './health.ts';
import type { LiveObjects } from './live-objects.ts';
import type { Manifest } from './manifest.ts';
import type { Validate } from './refusals.ts';

/** The cluster and the tools that the sync agent works with. */
export interface Surroundings {
  /** The agent's own repository, into which it fetches. */
  readonly checkoutDirectory: string;
  readonly objects: LiveObjects;
  /** Health of an object that exists. */
  readonly healthOf: (manifest: Manifest) => Promise<Health>;
  readonly validate: Validate;
  /** Ends every wait. */
  readonly signal: AbortSignal;
}

/** Who hears of an application. */
export interface Audience {
  status(application: Application, status: ApplicationObservation): void;
  /** The objects that the newest commit wants. */
  wanted(application: Application, manifests: readonly Manifest[]): void;
  /** The root folder, or the cluster, can't be read; applications stay as they were. */
  failed(message: string): void;
}
