import { readImage } from '../../../settings/image.ts';
import { WrongUse } from '../../wrong-use.ts';

/** An image that exists: its repository, and the version that its tag says it answers with. */
export interface GivenImage {
  readonly reference: string;
  readonly repository: string;
  readonly version: string;
}

/** Reads `--images REF,REF`. Throws {@link WrongUse} with a sentence. */
export function givenImages(text: string): readonly [GivenImage, GivenImage] {
  const [first, second, ...more] = text.split(',').map((reference) => givenImage(reference.trim()));
  if (first === undefined || second === undefined || more.length > 0) {
    throw new WrongUse(`--images is ${JSON.stringify(text)}, but two references are expected, v1 and v2: REF,REF.`);
  }
  if (first.repository !== second.repository) {
    throw new WrongUse(
      `--images names ${first.repository} and ${second.repository}, but a service has one image repository. Push both to the same.`,
    );
  }
  if (first.version === second.version) {
    throw new WrongUse(
      `--images names the tag ${first.version} twice, but the load tells v1 from v2 by the version, which the tag must say. Tag each image as its VERSION.`,
    );
  }
  return [first, second];
}

function givenImage(reference: string): GivenImage {
  const image = readImage(reference);
  if (typeof image === 'string') throw new WrongUse(`--images has ${JSON.stringify(reference)}, ${image}`);
  return { reference, repository: image.repository, version: image.tag };
}
