import { repositoryFault } from './image.ts';
import { says } from './value.ts';

const example = "'europe-docker.pkg.dev/project/repository/name'";

export function* imageProblems(image: unknown): Generator<string> {
  if (typeof image !== 'string') {
    yield `image ${says(image)}, expected an image repository such as ${example}.`;
  } else if (/@|:[^/\]]*$/.test(image)) {
    yield `image is '${image}', but a release pins tag and digest. Leave them out.`;
  } else {
    const fault = repositoryFault(image) ?? registryFault(image);
    if (fault !== null) yield `image is '${image}', ${fault}`;
  }
}

/**
 * What keeps nodes from pulling an image, and workflows from pushing it, although its name is one; as the end of a sentence, null for
 * nothing. A name without a host is one of docker.io to Docker, and the host is what the workflows sign in to.
 */
function registryFault(image: string): string | null {
  const [host = '', ...path] = image.split('/');
  if (path.length === 0 || !/[.:[\]]|^localhost$/.test(host)) {
    return `which names no registry. Begin it with the host of yours, such as ${example}${path.length === 0 ? '' : `, or docker.io/${image}`}.`;
  }
  // docs.cloud.google.com/artifact-registry/docs/docker/names, and docs.docker.com/docker-hub/repos/create.
  const least = host.endsWith('-docker.pkg.dev')
    ? ['PROJECT', 'REPOSITORY', 'NAME']
    : /^(?:[a-z]+\.)?gcr\.io$/.test(host)
      ? ['PROJECT', 'NAME']
      : /^(?:(?:index|registry-1)\.)?docker\.io$/.test(host)
        ? ['USER', 'NAME']
        : [];
  if (path.length >= least.length) return null;
  return `but ${host} has no images of that form. Expected ${[host, ...least].join('/')}.`;
}
