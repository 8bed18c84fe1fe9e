import { posix } from 'node:path';
import { build as bundle, type Plugin } from 'esbuild';
import type { Build } from '../../settings/build.ts';

/** The files of a commit that an image can be made of, by path. */
export type ImageFiles = ReadonlyMap<string, string>;

/** Of package.json: what no build reads. Scripts are another matter: a Dockerfile can call them. */
const documentation = [
  'description',
  'keywords',
  'author',
  'contributors',
  'license',
  'repository',
  'bugs',
  'homepage',
];

/**
 * Whether two commits make different images. Leaves aside what does not reach the image: comments, documents and tests of the
 * service, and what only development needs of package.json and the lockfile. Where the Dockerfile is another than the one that
 * this repository comes with, and may use more, every difference counts.
 */
export async function makeDifferentImages(
  before: ImageFiles,
  after: ImageFiles,
  build: Pick<Build, 'context' | 'dockerfile'>,
): Promise<boolean> {
  const [one, other] = await Promise.all([before, after].map((files) => ingredients(inContext(files, build))));
  return one !== other;
}

/** The files as the builder sees them, by their paths in its context; the Dockerfile is called so, wherever it is. */
function inContext(files: ImageFiles, { context, dockerfile }: Pick<Build, 'context' | 'dockerfile'>): ImageFiles {
  const named = [...files].map(([path, text]) => {
    if (path === dockerfile) return ['Dockerfile', text] as const;
    const own = context !== '.' && path.startsWith(`${context}/`) ? path.slice(context.length + 1) : path;
    return [own === 'Dockerfile' ? `./${path}` : own, text] as const;
  });
  return new Map(named);
}

async function ingredients(files: ImageFiles): Promise<string> {
  const dockerfile = withoutComments(files.get('Dockerfile') ?? '');
  const parts = [...files].map(([path, text]) => `${path}\n${partOf(path, text, dockerfile)}`);
  const service = copiesOnlyTheBundle(dockerfile) ? await bundledService(files) : null;
  if (service === null) return parts.toSorted().join('\n');
  return [...parts.filter((part) => !/^service\/.*(?<!\/package\.json)\n/.test(part)), service].toSorted().join('\n');
}

function partOf(path: string, text: string, dockerfile: string): string {
  if (path === 'Dockerfile') return dockerfile;
  if (path === '.dockerignore' || path === '.npmrc') return withoutComments(text);
  if (path === 'package.json') return manifestPart(text, dockerfile);
  if (path === 'package-lock.json' && installsOnlyProduction(dockerfile)) {
    return productionPackages(parsed(text) ?? {}) ?? text;
  }
  return text;
}

function manifestPart(text: string, dockerfile: string): string {
  const manifest = parsed(text);
  if (manifest === null) return text;
  const unused = new Set([
    ...documentation,
    ...(installsOnlyProduction(dockerfile) ? ['devDependencies'] : []),
    ...(runsNoScript(dockerfile) ? ['scripts'] : []),
  ]);
  const used = Object.entries(manifest).filter(([key]) => !unused.has(key));
  return JSON.stringify(used.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

/** Without lines that are comments; one that is read all the same (`# syntax=`, `#!/bin/sh`) stays. */
function withoutComments(text: string): string {
  const lines = text.replaceAll('\r', '').split('\n');
  return lines.filter((line) => !/^\s*(?:[#;](?!!|\s*(?:syntax|escape|check)\s*=)|$)/.test(line)).join('\n');
}

/** The calls of package managers in a Dockerfile. */
function packageCalls(dockerfile: string): string[] {
  return dockerfile.replaceAll(/\\\n/g, ' ').match(/\b(?:npm|npx|yarn|pnpm|bun|corepack)\b[^\n&|;]*/g) ?? [];
}

function installsOnlyProduction(dockerfile: string): boolean {
  const calls = packageCalls(dockerfile);
  return calls.length > 0 && calls.every((call) => /^npm (?:ci|install)\b.*--omit[= ]dev\b/.test(call));
}

function runsNoScript(dockerfile: string): boolean {
  const calls = packageCalls(dockerfile);
  return calls.length > 0 && calls.every((call) => /^npm (?:ci|install)\b.*--ignore-scripts\b/.test(call));
}

/** True where the last stage takes nothing over but the bundle that service/build.ts makes. */
function copiesOnlyTheBundle(dockerfile: string): boolean {
  const joined = dockerfile.replaceAll(/\\\n/g, ' ');
  const lastStage = joined.slice(Math.max(0, joined.search(/^FROM (?![\s\S]*^FROM )/m)));
  const copies = lastStage.match(/^(?:COPY|ADD) .*$/gm) ?? [];
  return (
    /^RUN node service\/build\.ts /m.test(joined) &&
    copies.length === 1 &&
    /^COPY --from=\S+ \/\S+\/service\.cjs service\.cjs$/.test(copies[0] ?? '')
  );
}

/**
 * What esbuild makes of the service's own files: the program, without comments, types and white space, and without files that no
 * module imports. Packages stay outside. Null where the files make no program.
 *
 * @param files the text of each file under service/, by path
 */
async function bundledService(files: ReadonlyMap<string, string>): Promise<string | null> {
  try {
    const { outputFiles } = await bundle({
      // The program, and what the Dockerfile builds it with.
      entryPoints: ['service/main.ts', 'service/build.ts'],
      outdir: '/',
      write: false,
      bundle: true,
      platform: 'node',
      format: 'esm',
      minifyWhitespace: true,
      legalComments: 'none',
      tsconfigRaw: {},
      logLevel: 'silent',
      plugins: [readingFrom(files)],
    });
    return outputFiles
      .map(({ path, text }) => `${path}\n${text}`)
      .toSorted()
      .join('\n');
  } catch {
    return null;
  }
}

/** Lets esbuild read a commit's files instead of those on the disk. */
function readingFrom(files: ReadonlyMap<string, string>): Plugin {
  return {
    name: 'commit',
    setup(building) {
      building.onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
        if (kind === 'entry-point') return { path: posix.normalize(path), namespace: 'commit' };
        if (!path.startsWith('.')) return { path, external: true };
        return { path: posix.join(posix.dirname(importer), path), namespace: 'commit' };
      });
      building.onLoad({ filter: /.*/, namespace: 'commit' }, ({ path }) => {
        const contents = files.get(path);
        return contents === undefined
          ? { errors: [{ text: `${path} is not there.` }] }
          : { contents, loader: path.endsWith('.json') ? 'json' : 'ts' };
      });
    },
  };
}

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
function productionPackages({ packages }: Lockfile): string | null {
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
