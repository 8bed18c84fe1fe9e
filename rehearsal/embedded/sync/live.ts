import { type Health, missing, worst } from './health.ts';
import { identity, type Manifest } from './manifest.ts';
import type { Surroundings } from './surroundings.ts';

/** Reads the objects that manifests name, as they are now, by identity. */
export async function readLive(
  { objects }: Pick<Surroundings, 'objects'>,
  manifests: readonly Manifest[],
): Promise<Map<string, Manifest>> {
  const found = await Promise.all(manifests.map(async (manifest) => objects.read(manifest)));
  return new Map(found.filter((live) => live !== null).map((live) => [identity(live), live]));
}

/** The health of an application with these objects, as it is now. */
export async function assess(surroundings: Surroundings, manifests: readonly Manifest[]): Promise<Health> {
  const live = await readLive(surroundings, manifests);
  const exists = (manifest: Manifest): boolean => live.has(identity(manifest));
  return worst(await Promise.all(manifests.map(async (one) => (exists(one) ? surroundings.healthOf(one) : missing))));
}
