/** What of npm's lockfile (version 2 or 3) decides which code is installed. */
interface Lockfile {
  readonly packages?: Readonly<Record<string, LockedPackage>>;
}

interface LockedPackage extends Dependencies {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
}

interface Dependencies {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/**
 * The packages that production code can be made of, a line each: what package.json depends on, and what that depends on in turn.
 * Null for a lockfile that lists no packages.
 */
export function productionPackages({ packages }: Lockfile): string | null {
  if (packages === undefined) return null;
  const reached = new Map<string, string>();
  const follow = (path: string): void => {
    const found = packages[path];
    if (found === undefined || reached.has(path)) return;
    const { version = '', resolved = '', integrity = '', link = false } = found;
    reached.set(path, `${path} ${version} ${resolved} ${integrity}`);
    // A workspace: its own entry says what it depends on.
    if (link) follow(resolved);
    for (const name of dependenciesOf(found)) follow(resolveFrom(path, name, packages) ?? '');
  };
  follow('');
  // The root's own line has nothing but the version, which package.json says as well.
  reached.delete('');
  return [...reached.values()].toSorted().join('\n');
}

function dependenciesOf(found: Dependencies): string[] {
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = found;
  return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
}

/** Where Node.js finds a package: the nearest node_modules upwards that has it. */
function resolveFrom(path: string, name: string, packages: NonNullable<Lockfile['packages']>): string | undefined {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const candidate = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (Object.hasOwn(packages, candidate)) return candidate;
    if (folder === '') return undefined;
  }
}
