/** True for a registry on this machine: such a one has no certificate, and docker too speaks plain HTTP with it. */
export function isLoopback(reference: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?\//.test(reference);
}

/** The digest in what a builder said of its push: the last words of docker, the whole file of podman and buildah. */
export function digestOfPush(said: string): string | null {
  return said.match(/sha256:[0-9a-f]{64}/g)?.at(-1) ?? null;
}
