/** What a running copy says of itself: the build it came from, and the pod it runs in. */
export interface Identity {
  readonly version: string;
  /** The commit that it was built from, or `unknown`. */
  readonly revision: string;
  readonly pod: string;
}
