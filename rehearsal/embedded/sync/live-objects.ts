import type { Fields, Manifest } from './manifest.ts';

/** The objects of a cluster, one by one. Every method throws what the cluster says. */
export interface LiveObjects {
  /** The object that the manifest names, as it is now; null where it does not exist. */
  read(manifest: Manifest): Promise<Manifest | null>;
  create(manifest: Manifest): Promise<void>;
  patch(manifest: Manifest, patch: Fields): Promise<void>;
  remove(manifest: Manifest): Promise<void>;
}
