import { createHash } from 'node:crypto';
import { readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import type { Repository } from '../repository.ts';
import type { ImageRequest } from '../target.ts';

/** An image of the embedded cluster: a bundle, and the reference that stands for it. */
export interface Image {
  readonly reference: string;
  readonly bundle: string;
}

/** Where images come from. */
export interface Workshop {
  readonly build: Repository['build'];
  /** The working copy that is built. */
  readonly directory: string;
  /** The image repository: references start with it. */
  readonly repository: string;
  /** Where the bundles are kept. */
  readonly folder: string;
}

/** Builds the service of a working copy. The digest is that of the bundle's bytes, as an image's is that of its contents. */
export async function buildImage(
  { build, directory, repository, folder }: Workshop,
  request: ImageRequest,
  signal: AbortSignal,
): Promise<Image> {
  const built = path.join(folder, `${request.version}.cjs`);
  await build(request, built, { directory, environment: process.env, signal });
  const digest = createHash('sha256')
    .update(await readFile(built))
    .digest('hex');
  const bundle = path.join(folder, `${digest}.cjs`);
  await rename(built, bundle);
  return { reference: `${repository}:${request.version}@sha256:${digest}`, bundle };
}
