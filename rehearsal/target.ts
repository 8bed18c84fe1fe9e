/** What is baked into an image of the rehearsal. */
export interface ImageRequest {
  readonly version: string;
  /** The commit it is said to be built from, 40 hex digits. */
  readonly revision: string;
  readonly startupMs: number;
}

/** A cluster with an Argo CD, or what stands for it, to play on. */
export interface Target {
  /** `embedded`, or `context:NAME`. */
  readonly name: string;
  /** Builds the scratch clone's service and publishes it; returns the pinned reference, `name:tag@sha256:...`. */
  publish(image: ImageRequest): Promise<string>;
  /** Starts to follow the remote's main, and to tell what happens. */
  follow(): Promise<void>;
  /** Asks for a look at the remote now: what a webhook does for a real one. */
  refresh(): Promise<void>;
  /** Where the service is reached, as `http://host:port`. Throws where it can't be reached yet. */
  url(): Promise<string>;
  /** The last words of a pod: events and log lines that explain a failure. */
  explain(): Promise<string>;
  /** Takes everything down: processes, ports, objects. Safe to call at any moment, and twice. */
  strike(): Promise<void>;
}
