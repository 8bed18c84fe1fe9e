import { repositoryFault } from './image.ts';
import { says } from './value.ts';

export function* imageProblems(image: unknown): Generator<string> {
  if (typeof image !== 'string') {
    yield `image ${says(image)}, expected an image repository such as 'europe-docker.pkg.dev/project/repository/name'.`;
  } else if (/@|:[^/\]]*$/.test(image)) {
    yield `image is '${image}', but a release pins tag and digest. Leave them out.`;
  } else {
    const fault = repositoryFault(image);
    if (fault !== null) yield `image is '${image}', ${fault}`;
  }
}
