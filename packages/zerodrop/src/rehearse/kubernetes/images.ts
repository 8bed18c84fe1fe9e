import { UsageError } from '../../errors.ts';
import { buildAndPush, type BuilderOptions, findBuilder, type ImageRequest } from './build.ts';

/** An image that exists: its repository, and the version that its tag says it answers with. */
export interface GivenImage {
  readonly reference: string;
  readonly repository: string;
  readonly version: string;
}

/** Reads `--images REF,REF`. Throws {@link UsageError} with a sentence. */
export function givenImages(text: string): readonly [GivenImage, GivenImage] {
  const [first, second, ...more] = text.split(',').map((reference) => givenImage(reference.trim()));
  if (first === undefined || second === undefined || more.length > 0) {
    throw new UsageError(`--images is ${JSON.stringify(text)}, but two references are expected, v1 and v2: REF,REF.`);
  }
  if (first.repository !== second.repository) {
    throw new UsageError(
      `--images names ${first.repository} and ${second.repository}, but a service has one image repository. Push both to the same.`,
    );
  }
  if (first.version === second.version) {
    throw new UsageError(
      `--images names the tag ${first.version} twice, but the load tells v1 from v2 by the version, which the tag must say. Tag each image as its VERSION.`,
    );
  }
  return [first, second];
}

const pinned = /^(?<repository>[^\s@]+?):(?<version>[\w][\w.-]{0,127})@sha256:[0-9a-f]{64}$/;

function givenImage(reference: string): GivenImage {
  const { repository, version } = pinned.exec(reference)?.groups ?? {};
  if (repository === undefined || version === undefined) {
    throw new UsageError(
      `--images has ${JSON.stringify(reference)}, but name:tag@sha256: and 64 lower case hex digits are expected.`,
    );
  }
  return { reference, repository, version };
}

/** Where the images of a play come from. */
export interface ImageSource {
  /** Returns the pinned reference. */
  publish(image: ImageRequest): Promise<string>;
}

/** Builds the scratch clone's Dockerfile and pushes to a registry. Throws where nothing here can build. */
export async function builtImageSource(
  where: BuilderOptions,
  registry: string,
  service: string,
  suffix: string,
  folder: string,
): Promise<ImageSource> {
  const builder = await findBuilder(where);
  const repository = `${registry}/${service}-rehearsal`;
  const images = { builder, where, repository, suffix, folder };
  return { publish: async (image) => buildAndPush(images, image) };
}

/** Takes images that exist: they were published as the version that is asked for. */
export function givenImageSource(images: readonly [GivenImage, GivenImage]): ImageSource {
  return {
    async publish({ version }) {
      const image = images.find((given) => given.version === version);
      if (image === undefined) throw new Error(`No image of --images is version ${version}.`);
      return image.reference;
    },
  };
}
