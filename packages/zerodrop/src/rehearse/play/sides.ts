import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../../errors.ts';
import { forecast } from '../../forecast/report.ts';
import { git } from '../../git.ts';
import { isCandidateName } from '../../guard/read/candidates.ts';
import { rangeOf } from '../../guard/source.ts';
import { run } from '../../program.ts';
import type { PlayedSide, Repository } from '../cluster.ts';
import { applicationsIn, hasService } from '../embedded/argo-cd/application.ts';
import { listAt, nameOf, readObjects } from '../manifests/object.ts';
import { applicationToPlay, type Placed } from '../manifests/own-folder.ts';
import { drainOf, readRehearsed, type Rehearsed } from '../manifests/rehearsed.ts';
import type { RehearsalOptions } from '../options.ts';
import { type ChangeOptions, commandsIn, commandWords, type SideOptions } from '../own-service.ts';
import { forgetModules, makeScratch, scratchEnvironment, shareModules, writeProject } from '../scratch.ts';
import type { Steps } from '../terminal.ts';

/** What one run of the command is about. */
export interface RunRequest {
  readonly repository: Repository;
  /** The project's directory. */
  readonly project: string;
  /** The folder of the run. */
  readonly folder: string;
  readonly options: RehearsalOptions;
  readonly steps: Steps;
  readonly signal: AbortSignal;
}

/** One state of a project: a commit in a clone, with an Application that has a Deployment. Every play of a run is cloned from it. */
export interface Side {
  readonly directory: string;
  /** The project's commit. */
  readonly revision: string;
  readonly asked: Placed;
  readonly committed: Rehearsed;
  /** False where the Deployment was made for the rehearsal, because nothing was released yet. */
  readonly isReleased: boolean;
  readonly program: PlayedSide['program'];
}

/** What a play begins with and goes back to, and what it releases in between: the same, or the two sides of a change. */
export interface Sides {
  readonly before: Side;
  readonly after: Side;
}

/** Makes the side of the project's last commit. Throws {@link UsageError} where there is nothing to play. */
export async function makeSide(request: RunRequest): Promise<Side> {
  return sideOf(request, { project: request.project, commit: 'HEAD', name: 'base', program: null, other: null });
}

/** Where a side is made from, and how it is called in the folder of the run. */
interface Origin extends Pick<Side, 'program'> {
  readonly project: string;
  readonly commit: string;
  readonly name: string;
  /** The side that it is compared with, which has to be of the same Application. */
  readonly other: Side | null;
}

async function sideOf(
  { repository, folder, options, signal }: RunRequest,
  { project, commit, name, program, other }: Origin,
): Promise<Side> {
  const own = path.join(folder, `${name}-${options.environment ?? 'first'}`);
  await mkdir(own);
  const scratch = await makeScratch(project, own, process.env, signal, commit);
  const { directory, revision } = scratch;
  if (options.change !== null) await install(project, directory, signal);
  if (other !== null) {
    const there = await applicationsIn(directory, other.asked.folder);
    if (!there.some(({ metadata }) => metadata.name === other.asked.name))
      throw new NotThere(`${commit} has no Application ${other.asked.name}.`);
  }
  const asked = await applicationToPlay(repository, directory, options);
  const found = await readRehearsed(directory, asked.folder, asked.name);
  const committed = found ?? (await prepared(repository, directory, asked, signal));
  await scratch.commit('Prepare the rehearsal');
  return { directory, revision, asked, committed, isReleased: found !== null, program };
}

/** Has a Deployment made where nothing was released yet. Throws {@link UsageError} where there is none then. */
async function prepared(
  { prepare }: Repository,
  directory: string,
  { folder, name }: Placed,
  signal: AbortSignal,
): Promise<Rehearsed> {
  await prepare(name, { directory, environment: scratchEnvironment(process.env), signal });
  const found = await readRehearsed(directory, folder, name);
  if (found !== null) return found;
  throw new UsageError(`The folder of Application ${name} has no Deployment to rehearse. Release an image first.`);
}

/** What of a change is to be played: its two sides, or why nothing is. */
export type Changed = Sides | { readonly why: string };

/** A run that plays a change, whose project is a git repository. */
interface ChangeRequest extends RunRequest {
  readonly change: ChangeOptions;
}

/**
 * Makes the two sides of a change, each with its own manifests, packages and program. What rolls out is decided as a forecast decides it;
 * beside that, another program makes another image. Where the base has no such Deployment, the head is played alone: before its first
 * release nobody sends it requests.
 */
export async function makeSides(request: ChangeRequest): Promise<Changed> {
  const { project, change, options } = request;
  const range = await rangeOf(project, change.base, 'HEAD');
  const named = `${range.from.slice(0, 7)} and ${range.to.slice(0, 7)}`;
  const listed = await git(project, 'diff', '--name-only', '--no-renames', '-z', range.from, range.to);
  const paths = listed.split('\0').filter((name) => name !== '');
  const given = options.context !== null && 'given' in options.context.images;
  const sources = change.sources.length > 0 ? change.sources : await request.repository.sources?.(project, options);
  const isOther = given || paths.some((name) => isOfProgram(name, sources));
  if (!isOther && !paths.some(isCandidateName)) {
    return { why: `Nothing rolls out: no manifest and no file of the program differs between ${named}.` };
  }
  const after = await sideAt(request, range.to, 'head', change.sides.head);
  const before = await baseOf(request, after, range.from);
  if (before === null) {
    request.steps.done(`${nameOf(after.committed.deployment)} is new in ${named.slice(-7)}, which is played alone`);
    return { before: after, after };
  }
  const standing = await whyNot(before, after);
  if (standing === null || isOther) return { before, after };
  return { why: `Nothing rolls out between ${named}: ${standing}` };
}

/** Documentation, and what GitHub reads: no program is made of it. */
const besides = /(?:^|\/)(?:docs|\.github)\/|(?:^|\/)LICENSE[^/]*$|\.(?:md|txt)$/i;

/** Whether the program is made of a file: it is below a path of these; where they are not known, any but manifests and documentation. */
export function isOfProgram(file: string, sources: readonly string[] | undefined): boolean {
  if (sources === undefined) return !isCandidateName(file) && !besides.test(file);
  return sources.some((source) => source === '.' || file === source || file.startsWith(`${source}/`));
}

/** Why the Deployment of two sides does not roll; null where it does. */
async function whyNot(before: Side, after: Side): Promise<string | null> {
  const [was, is] = await Promise.all([before, after].map(filesOf));
  const { metadata } = after.committed.deployment;
  const isMeant = ({ workload }: { readonly workload: string }): boolean =>
    new RegExp(`^Deployment (?:[^/]*/)?${metadata.name}$`).test(workload);
  const found = forecast(was ?? new Map(), is ?? new Map());
  const does = found.workloads.find(isMeant)?.does;
  if (does === 'rolls') return null;
  if (does === 'scales') return `Deployment ${metadata.name} gets another number of pods, and none is replaced.`;
  const why = found.standing.find(isMeant)?.why ?? 'its pod template stays the same';
  return `Deployment ${metadata.name}: ${why}.`;
}

/** The objects of a side's Application, under the same name for both sides. */
async function filesOf({ directory, committed }: Side): Promise<ReadonlyMap<string, string>> {
  const objects = await readObjects(path.join(directory, committed.application.path));
  return new Map([['manifests/all.yaml', objects.map((object) => JSON.stringify(object)).join('\n---\n')]]);
}

/** The base of a change; null where it has not what its head releases. */
async function baseOf(request: ChangeRequest, after: Side, commit: string): Promise<Side | null> {
  const { options, change } = request;
  const isOwn = options.own.folder !== null;
  // By the name of the head's Application: which one is the first may be another in the base.
  const named = isOwn ? options : { ...options, environment: after.asked.name, service: null };
  const found = await sideAt({ ...request, options: named }, commit, 'base', change.sides.base, after).catch(
    (error: unknown) => {
      if (error instanceof NotThere) return null;
      throw error;
    },
  );
  return found === null || (after.isReleased && !found.isReleased) ? null : found;
}

/** The base has not what is played. */
class NotThere extends UsageError {}

async function sideAt(
  request: ChangeRequest,
  commit: string,
  name: string,
  { commands, build }: SideOptions,
  other: Side | null = null,
): Promise<Side> {
  const { project, folder, change, options, signal } = request;
  const { own } = options;
  const origin = { project, commit, name, program: null, other };
  if (own.folder === null && commands === null) return sideOf(request, origin);
  const copies = path.join(folder, `${name}-copy`);
  await mkdir(copies);
  const { directory: copy } = await makeScratch(project, copies, process.env, signal, commit);
  const here = path.join(copy, path.relative(project, change.directory));
  await install(project, copy, signal);
  if (here !== copy && existsSync(here)) await install(change.directory, here, signal);
  if (build !== null) {
    const [builder = '', ...args] = commandWords(build, '--build');
    await run({ directory: here, environment: process.env, signal }, builder, ...args);
  }
  const program = { folder: copy, commands: commands === null ? null : commandsIn(commands, here) };
  if (own.folder === null) return sideOf(request, { ...origin, program });
  const manifests = path.join(copy, path.relative(project, own.folder));
  if (!existsSync(manifests)) throw new NotThere(`${own.folder} is not in ${commit}.`);
  const deployment = own.deployment ?? other?.committed.deployment.metadata.name ?? null;
  const objects = { folder: manifests, deployment };
  const made = await writeProject(path.join(folder, name), objects, signal).catch((error: unknown) => {
    throw other !== null && error instanceof UsageError ? new NotThere(error.message, { cause: error }) : error;
  });
  const side = await sideOf(request, { ...origin, project: made, commit: 'HEAD', program });
  return { ...side, revision: commit };
}

/** The packages of a side: those that the project has installed where its lockfile is the same, else its own. */
async function install(project: string, directory: string, signal: AbortSignal): Promise<void> {
  const [installed, locked] = await Promise.all(
    [project, directory].map((one) => readFile(path.join(one, 'package-lock.json'), 'utf8').catch(() => null)),
  );
  if (locked === installed || locked === null) {
    await shareModules(project, directory);
    return;
  }
  await forgetModules(directory);
  const where = { directory, environment: process.env, signal };
  await run(where, 'npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline');
}

/** The drain that is committed, in milliseconds; 0 where none is known. */
export function committedDrainMs({ committed: { deployment } }: Side, { drainVariable }: Repository): number {
  return drainOf(deployment, drainVariable);
}

/**
 * The name of the Application that is to be played where nothing sends its pods requests: it has no Service, and its Deployment declares
 * no port. Null for any other.
 */
export async function withoutRequests({ directory, asked, committed }: Side): Promise<string | null> {
  if (await hasService(directory, asked.folder, asked.name)) return null;
  const containers = listAt(committed.deployment, 'spec', 'template', 'spec', 'containers') ?? [];
  return containers.some((container) => (listAt(container, 'ports') ?? []).length > 0) ? null : asked.name;
}
