import type { Cluster } from './cluster.ts';
import type { Files } from './manifest.ts';
import { type Manifest, nameOf, objectsOf } from './manifest.ts';

/** How far the last change is. */
export interface Progress {
  /** All of it is applied. */
  readonly isDone: boolean;
  /** What is said against it. */
  readonly said: string | null;
}

/** Who makes the cluster like a folder of manifests. */
export interface Hands {
  put(files: Files): Promise<void>;
  progress(): Promise<Progress>;
  strike(): Promise<void>;
}

/** Applies each object by the API server's server-side apply, and deletes what is no more among them. */
export function applyingHands(cluster: Cluster): Hands {
  let held: readonly Manifest[] = [];
  let said: string | null = null;
  return {
    async put(files) {
      const objects = objectsOf(files);
      said = null;
      for (const object of objects) said ??= (await cluster.apply(object)).message;
      const names = new Set(objects.map(nameOf));
      for (const object of held.filter((one) => !names.has(nameOf(one)))) await cluster.remove(object);
      held = objects;
    },
    progress: async () => ({ isDone: true, said }),
    strike: async () => undefined,
  };
}
