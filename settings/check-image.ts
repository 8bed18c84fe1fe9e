import { says } from './value.ts';

export function* imageProblems(image: unknown): Generator<string> {
  const expected = "expected an image repository such as 'europe-docker.pkg.dev/project/repository/name'";
  if (typeof image === 'string' && /@|:[^/]*$/.test(image)) {
    yield `image is '${image}', but tag and digest belong to a release and are pinned by it. Leave them out.`;
  } else if (
    typeof image !== 'string' ||
    !/^(?:[A-Za-z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*$/.test(image)
  ) {
    yield `image ${says(image)}, ${expected}.`;
  }
}
