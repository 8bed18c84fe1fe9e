import type { Surroundings } from './scratch/run.ts';
import type { ImageRequest } from './target.ts';

/** What a rehearsal can't read from a repository's manifests, and is told by whoever starts it. */
export interface Repository {
  /** How the command is called, such as `zerodrop rehearse`. */
  readonly command: string;
  /** The folder of Argo CD's Applications and their AppProjects. */
  readonly applications: string;
  /** The variable by which a container is told its drain, in milliseconds; null where a preStop hook sleeps instead. */
  readonly drainVariable: string | null;
  /** The environment that is rehearsed where none is named; null for the first Application by name. */
  firstEnvironment(directory: string): Promise<string | null>;
  /**
   * Brings the manifests of an Application in a clone to where they can be rolled out, where they have no Deployment yet: makes its
   * first release, whatever the image.
   */
  prepare(application: string, clone: Surroundings): Promise<void>;
  /** Builds the clone's service as one JavaScript file that Node.js runs, for the embedded cluster. */
  build(image: ImageRequest, out: string, clone: Surroundings): Promise<void>;
  /** What a real API server has against an object, a sentence each. */
  validate(object: unknown): readonly string[];
}
