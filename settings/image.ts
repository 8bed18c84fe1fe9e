import { isIPv6 } from 'node:net';

/** A pinned image, `repository:tag@digest`: the tag is for people, the digest decides what runs. */
export interface ImageReference {
  /** Host and path, without tag and digest. */
  readonly repository: string;
  readonly tag: string;
  /** `sha256:` and 64 hex digits. */
  readonly digest: string;
}

// The grammar of references in the distribution project (distribution/reference/regexp.go). Every command reads images with it, so
// that what one takes, all take.
const component = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const hostName = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/;
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const digestPattern = /^sha256:[0-9a-f]{64}$/;
const longestRepository = 255;

const expectedReference = 'Expected name:tag@sha256: and 64 hex digits.';

/** True for text that can be the tag of an image. */
export function isTag(text: string): boolean {
  return tagPattern.test(text);
}

/** What is wrong with the name of an image repository, as the end of a sentence that quotes it; null for a right one. */
export function repositoryFault(name: string): string | null {
  const example = "Expected an image repository such as 'europe-docker.pkg.dev/project/repository/name'.";
  if (name === '') return `which is empty. ${example}`;
  if (/\s/.test(name)) return `which has a space in it. ${example}`;
  if (name.includes('://')) return `but the name of an image has no scheme such as https://. Leave it out.`;
  if (name.length > longestRepository) {
    return `which has ${name.length} characters, but an image repository has at most ${longestRepository}. Shorten it.`;
  }
  const parts = name.split('/');
  const host = isHost(parts) ? parts[0] : undefined;
  if (host !== undefined) {
    const fault = hostFault(host);
    if (fault !== null) return fault;
  }
  for (const part of host === undefined ? parts : parts.slice(1)) {
    if (!component.test(part)) return `${componentFault(part)} ${example}`;
  }
  // A registry of Docker takes such a name for the id of an image.
  return /^[0-9a-f]{64}$/.test(name) ? `but 64 hex digits are the id of an image and not a name. ${example}` : null;
}

/**
 * What keeps nodes from pulling an image, and workflows from pushing it, although its name is one; as the end of a sentence, null for
 * nothing. A name without a host is one of docker.io to Docker, and the host is what the workflows sign in to.
 */
export function registryFault(image: string): string | null {
  const example = "'europe-docker.pkg.dev/project/repository/name'";
  const parts = image.split('/');
  const [host = '', ...path] = parts;
  if (!isHost(parts)) {
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

/** The first part of a name is a host where it has a dot or a port, or is localhost; else the name is one of docker.io. */
function isHost([first = '', ...more]: readonly string[]): boolean {
  return more.length > 0 && (/[.:[\]]/.test(first) || first === 'localhost');
}

function hostFault(host: string): string | null {
  if (/:.*:/.test(host) && !/^\[.*\](?::[^:]*)?$/.test(host)) {
    return `but '${host}' is not a host with a port. Write an IPv6 address in brackets: [2001:db8::1]:5000.`;
  }
  const { name = '', port } = /^(?<name>\[.*\]|[^:]*)(?::(?<port>.*))?$/.exec(host)?.groups ?? {};
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)) {
    return `but '${port}' is not a port. Expected a number from 1 to 65535 after the registry's host.`;
  }
  if (name.startsWith('[')) {
    const address = name.slice(1, -1);
    // The grammar has no zone and no dotted quad in it.
    if (isIPv6(address) && /^[0-9A-Fa-f:]+$/.test(address)) return null;
    return `but '${name}' is not an IPv6 address. Expected one such as [2001:db8::1].`;
  }
  if (hostName.test(name)) return null;
  return `but '${host}' is not a host. Expected a name such as 'europe-docker.pkg.dev', with a port where it needs one.`;
}

function componentFault(part: string): string {
  if (part === '') return "but it has nothing before, after or between its '/'.";
  if (/[A-Z]/.test(part)) return `but '${part}' has upper case letters, which an image repository may not have.`;
  return `but '${part}' may have only lower case letters and digits, with one '.', one or two '_' or hyphens between them.`;
}

/** What is wrong with the reference of a pinned image, as the end of a sentence that quotes it; or its parts. */
export function readImage(text: string): ImageReference | string {
  const [named = '', digest, ...more] = text.split('@');
  if (digest === undefined) {
    return `which names no digest, and a tag alone may mean another image tomorrow. ${expectedReference}`;
  }
  if (more.length > 0 || !digestPattern.test(digest)) {
    return `and its digest is not sha256: and 64 lower case hex digits. ${expectedReference}`;
  }
  const [repository, tag] = splitTag(named);
  if (tag === null) return `which names no tag to tell people what it is. ${expectedReference}`;
  if (!isTag(tag)) return tagFault(tag);
  return repositoryFault(repository) ?? { repository, tag, digest };
}

/** What is wrong with the image of a container, where tag and digest may be missing; as the end of a sentence, null for a right one. */
export function imageFault(text: string): string | null {
  const [named = '', digest, ...more] = text.split('@');
  if (more.length > 0 || (digest !== undefined && !/^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$/.test(digest))) {
    return 'and its digest is not sha256: and 64 lower case hex digits.';
  }
  const [repository, tag] = splitTag(named);
  return tag === null || isTag(tag) ? repositoryFault(repository) : tagFault(tag);
}

/** Name and tag of a reference without its digest. A colon before the last slash is that of a port. */
function splitTag(named: string): readonly [repository: string, tag: string | null] {
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  return colon === -1 ? [named, null] : [named.slice(0, colon), named.slice(colon + 1)];
}

function tagFault(tag: string): string {
  if (/^[\w+][\w.+-]*$/.test(tag) && tag.includes('+')) {
    return `but a tag can't have a '+'. Write it with a '-': ${tag.replaceAll('+', '-').replace(/^-/, '')}.`;
  }
  return `but '${tag}' is not a tag: 1 to 128 letters, digits, '_', '.' and '-', with no '.' or '-' first. ${expectedReference}`;
}
