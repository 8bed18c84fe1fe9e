import type { ImageRequest } from '../../target.ts';
import { findBuilder } from './builder.ts';
import type { GivenImage } from './given.ts';
import { buildAndPush } from './publish.ts';
import type { BuilderSurroundings } from './run-builder.ts';

/** Where the images of a play come from. */
export interface Shop {
  /** The image repository. */
  readonly repository: string;
  /** Returns the pinned reference. */
  publish(image: ImageRequest): Promise<string>;
}

/** Builds the scratch clone's Dockerfile and pushes to a registry. Throws where nothing here can build. */
export async function buildingShop(
  where: BuilderSurroundings,
  registry: string,
  service: string,
  suffix: string,
  folder: string,
): Promise<Shop> {
  const builder = await findBuilder(where);
  const repository = `${registry}/${service}-rehearsal`;
  const shop = { builder, where, repository, suffix, folder };
  return { repository, publish: async (image) => buildAndPush(shop, image) };
}

/** Takes images that exist: they were published as the version that is asked for. */
export function givenShop(images: readonly [GivenImage, GivenImage]): Shop {
  return {
    repository: images[0].repository,
    async publish({ version }) {
      const image = images.find((given) => given.version === version);
      if (image === undefined) throw new Error(`No image of --images is version ${version}.`);
      return image.reference;
    },
  };
}
