/** A package of the lockfile. */
export interface Package {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression, as the package itself says. */
  readonly licence: string;
  /** True for what the service is made of and ships in its image. */
  readonly ships: boolean;
}

/** What of npm's lockfile (version 3) matters here. */
interface Lockfile {
  readonly packages: Readonly<
    Record<
      string,
      { readonly version?: string; readonly license?: string; readonly dev?: boolean; readonly link?: boolean }
    >
  >;
}

/** The packages of a lockfile, each version once, by name. */
export function packagesOf(lockfile: Lockfile): Package[] {
  const found = new Map<string, Package>();
  for (const [path, { version = '', license = 'none', dev = false, link = false }] of Object.entries(
    lockfile.packages,
  )) {
    const name = path.split('node_modules/').at(-1) ?? '';
    if (name === '' || link) continue;
    const key = `${name}@${version}`;
    const ships = !dev || found.get(key)?.ships === true;
    found.set(key, { name, version, licence: license, ships });
  }
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
