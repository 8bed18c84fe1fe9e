import { defaultInputs, forecastOfEach, type Range, type RolloutForecast } from '../forecast/report.ts';
import { git, userEnvironment } from '../git.ts';
import { readManifests } from '../guard/read/candidates.ts';
import { filesAt } from '../guard/read/git-files.ts';
import { isPicked } from '../guard/read/state.ts';
import { runProgram } from '../program.ts';
import { at, serviceContainer } from '../rehearse/manifests/object.ts';
import { slowestStartMs } from '../rehearse/manifests/rehearsed.ts';
import type { Awaited } from '../rollout/watch.ts';

/** What a commit is to bring, as its committed manifests say. */
export interface Expected extends Awaited {
  /** What its endpoint is to answer; null where that is not known. */
  readonly version: Version | null;
  /** Git's name for the folder of its manifests: two commits with the same one run the same. */
  readonly manifests: string | null;
  /** How long the rollout is waited for while it gets no further, in milliseconds. */
  readonly patienceMs: number;
  /** From the least to the most that its rollout is forecast to take, in milliseconds; absent where git does not say what rolls out. */
  readonly forecastMs?: Range | undefined;
  /** The most of it where every program starts as slowly as its startup probe lets it, in milliseconds. */
  readonly slowestMs?: number | undefined;
  /** Its pods over time by that forecast. */
  readonly picture?: RolloutForecast['picture'] | undefined;
}

/** By which an endpoint tells what runs there. */
export interface Version {
  readonly tag: string;
  /** The commit that the image was built from; null where that is not known. */
  readonly source: string | null;
}

/** A Deployment that committed manifests have. */
export interface RenderedDeployment {
  readonly name: string;
  /** Null where the manifest leaves it to Argo CD's destination. */
  readonly namespace: string | null;
  readonly image: string;
  readonly selector: unknown;
  readonly document: unknown;
}

/** Where rendered manifests are. */
export interface Manifests {
  /** Folders and files, from the root of the repository. */
  readonly paths: readonly string[];
  /** Argo CD leaves the folders in a folder alone, unless its Application says `directory.recurse`. */
  readonly isFlat?: boolean;
  /** The files of each folder that its Application leaves out, and those that it keeps to, as globs: `directory.exclude` and `include`. */
  readonly exclude?: string | undefined;
  readonly include?: string | undefined;
}

/** What of git an Application applies. */
export interface Source {
  readonly path?: string;
  readonly targetRevision?: string;
  readonly chart?: string;
  readonly directory?: { readonly recurse?: boolean; readonly include?: string; readonly exclude?: string };
  readonly helm?: object;
  readonly kustomize?: object;
  readonly plugin?: object;
}

/** Whether Argo CD applies the files of the path as they are. */
export async function isPlain(
  { directory, commit }: { readonly directory: string; readonly commit: string },
  source: Source,
): Promise<boolean> {
  if (source.helm !== undefined || source.kustomize !== undefined || source.plugin !== undefined) return false;
  const path = source.path === undefined || source.path === '.' ? '' : `${source.path.replace(/\/+$/, '')}/`;
  const files = (
    await git(directory, 'ls-tree', '--full-tree', '--name-only', commit, '--', path === '' ? '.' : path)
  ).split('\n');
  const rendered = new Set(['Chart.yaml', 'kustomization.yaml', 'kustomization.yml', 'Kustomization']);
  return !files.some((file) => rendered.has(file.slice(path.length)));
}

/** The Deployments of these manifests as a commit has them; one without an image is none that could run. */
export async function deploymentsAt(
  directory: string,
  commit: string,
  { paths, isFlat = false, ...picked }: Manifests,
): Promise<readonly RenderedDeployment[]> {
  const files = await filesAt(directory, commit, ...paths);
  const isIn = (file: string, path: string): boolean => !isFlat || path === file || folderOf(file) === path;
  const isApplied = (file: string): boolean => paths.some((path) => isIn(file, path) && isPicked(picked, path, file));
  return readManifests(new Map([...files].filter(([file]) => isApplied(file))))
    .filter(({ apiVersion, kind }) => apiVersion === 'apps/v1' && kind === 'Deployment')
    .flatMap(({ name, namespace, document }) => {
      const image = serviceContainer(document)?.['image'];
      if (typeof image !== 'string') return [];
      return [{ name, namespace, image, selector: at(document, 'spec', 'selector'), document }];
    });
}

/** Reads what a Deployment in these paths is to run at a commit; null where it is not there, before its first release. */
export async function readExpected(
  directory: string,
  where: Manifests,
  name: string,
  commit: string,
): Promise<Expected | null> {
  const deployment = (await deploymentsAt(directory, commit, where)).find((one) => one.name === name);
  return deployment === undefined ? null : expectedOf(directory, where, deployment, commit);
}

/** What a Deployment of these paths is to run at a commit, which was read before. */
export async function expectedOf(
  directory: string,
  where: Manifests,
  { image, document }: RenderedDeployment,
  commit: string,
): Promise<Expected> {
  const tag = tagOf(image);
  const usual = forecastOf(document);
  return {
    commit,
    image,
    version: tag === null ? null : { tag, source: null },
    manifests: await manifestsAt(directory, commit, where.paths),
    patienceMs: patienceMs(document),
    forecastMs: usual?.completeMs ?? undefined,
    picture: usual?.picture,
    slowestMs: forecastOf(document, slowestStartMs(document))?.completeMs?.[1],
  };
}

/** What replacing every pod of a Deployment does, by the defaults of a forecast, or with a start as slow as this. */
function forecastOf(document: unknown, slowestMs = 0): RolloutForecast | undefined {
  const [least, most] = defaultInputs.startupMs;
  const startupMs: Range = [least, Math.max(most, slowestMs)];
  const files = new Map([['deployment.json', JSON.stringify(document)]]);
  return forecastOfEach(files, { startupMs })[0]?.rollouts.at(-1);
}

/** What tells whether two commits have the same manifests. */
export async function manifestsAt(directory: string, commit: string, paths: readonly string[]): Promise<string | null> {
  const trees = await Promise.all(paths.map((path) => treeAt(directory, commit, path)));
  return trees.every((tree) => tree === null) ? null : trees.join(' ');
}

/** The folder of a file; `.` for the root. */
function folderOf(file: string): string {
  const end = file.lastIndexOf('/');
  return end === -1 ? '.' : file.slice(0, end);
}

/** The tag of an image; null where it has none. */
export function tagOf(image: string): string | null {
  const [name = image] = image.split('@');
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/') ? name.slice(colon + 1) : null;
}

/** The longest that the rollout of one commit is waited for while it gets no further. */
export const longestMs = 15 * 60_000;

// For the sync before it and the last old pods after it.
const besidesMs = 60_000;

/**
 * The Deployment's own controller gives up when no pod becomes ready within the progress deadline, and starts that anew with each pod
 * that does. So do we, however many pods there are: their number is an autoscaler's to choose.
 *
 * @param deployment undefined for one with Kubernetes' defaults
 */
export function patienceMs(deployment: unknown): number {
  const deadline = numberAt(deployment, 600, 'spec', 'progressDeadlineSeconds');
  const grace = numberAt(deployment, 30, 'spec', 'template', 'spec', 'terminationGracePeriodSeconds');
  return Math.min(longestMs, (deadline + grace) * 1_000 + besidesMs);
}

function numberAt(value: unknown, usual: number, ...keys: readonly string[]): number {
  const found = at(value, ...keys);
  return typeof found === 'number' ? found : usual;
}

/** Where a commit is to another one. */
export type Lineage = 'earlier' | 'later' | 'unknown';

/** A clone and the branch of a remote that Argo CD follows, and what ends a fetch that hangs. */
export interface Fetching {
  readonly directory: string;
  readonly remote: string;
  readonly branch: string;
  /** One call of git ends after this. */
  readonly callMs: number;
  readonly signal: AbortSignal;
}

/** Git's name for a path at a commit; null where it is not there. */
export async function treeAt(directory: string, commit: string, path: string): Promise<string | null> {
  const isRoot = path === '' || path === '.';
  if (isRoot) return git(directory, 'rev-parse', `${commit}^{tree}`);
  const [, , tree] = (await git(directory, 'ls-tree', '--full-tree', commit, '--', path)).split(/\s/);
  return tree ?? null;
}

/** A commit by its 40 digits; null where git knows no such name, also not after a look at the remote. */
export async function findCommit(fetching: Fetching, name: string): Promise<string | null> {
  const here = await resolve(fetching.directory, name);
  if (here !== null || !(await fetched(fetching))) return here;
  return resolve(fetching.directory, name);
}

/** Where the commit that Argo CD has is to the one that is awaited. On the line of a branch, what is not later is earlier. */
export async function lineage(fetching: Fetching, awaited: string, found: string): Promise<Lineage> {
  const known = await findCommit(fetching, found);
  if (known === null) return 'unknown';
  return (await hasCommit(fetching.directory, known, awaited)) ? 'later' : 'earlier';
}

async function resolve(directory: string, name: string): Promise<string | null> {
  const asked = git(directory, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`);
  // Where there is no git at all, the fetch that follows says so.
  return asked.catch(() => null);
}

/** Brings the branch's newest commits here, and leaves every reference as it is. */
async function fetched({ directory, remote, branch, callMs, signal }: Fetching): Promise<boolean> {
  const call = { directory, environment: userEnvironment(process.env), limitMs: callMs, signal };
  const fetch = ['fetch', '--quiet', '--no-tags', '--no-auto-maintenance', '--no-write-fetch-head', '--refmap='];
  return (await runProgram(call, 'git', ...fetch, '--end-of-options', remote, branch)).exitCode === 0;
}

async function hasCommit(directory: string, later: string, earlier: string): Promise<boolean> {
  return (await git(directory, 'merge-base', earlier, later).catch(() => null)) === earlier;
}
