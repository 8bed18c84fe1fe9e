const pinnedBase = /^(?<from>FROM (?:--\S+ )*)(?<name>\S+:[\w.-]+)@(?<digest>sha256:[0-9a-f]{64})/gim;

/** A Dockerfile whose base images are named by their tags alone. */
export function basesByTag(dockerfile: string): string {
  return dockerfile.replaceAll(pinnedBase, '$<from>$<name>');
}

/** The base images that a Dockerfile pins by a digest that a builder's words are about: it could not find them. */
export function missingBases(dockerfile: string, said: string): string[] {
  return [...dockerfile.matchAll(pinnedBase)].flatMap(({ groups: { name = '', digest = '' } = {} }) =>
    said.includes(digest) ? [`${name}@${digest}`] : [],
  );
}
