import { UsageError } from '../errors.ts';
import { startLive } from '../live/server.ts';
import { LeftBehind, type PlayRecord, type Repository } from './cluster.ts';
import { parseOptions, type RehearsalOptions, usage } from './options.ts';
import { builtBy } from './own-service.ts';
import { setUpAndPlay } from './play/play.ts';
import { exitCodes, type PlayOn, playScenes, show, worse } from './play/run.ts';
import { releaseAndRevert, sceneList } from './play/scenes.ts';
import { type Changed, committedDrainMs, makeSide, makeSides, type RunRequest, withoutRequests } from './play/sides.ts';
import { compare, comparisonTable, writeComparison } from './report/compare.ts';
import { makeReportFolder, writeNotPlayed } from './report/write.ts';
import { findProject, makeRunFolder, removeFolder, removeStaleFolders, writeProject } from './scratch.ts';
import { selfTest } from './self-test.ts';
import { Crash, interruption, liveSteps, type Steps, terminalSteps } from './terminal.ts';
import { judge } from './verdict/judge.ts';

// What programs import as zerodrop/rehearse.
export { UsageError } from '../errors.ts';
export { run, type ProcessOptions } from '../program.ts';
export type { Repository } from './cluster.ts';
export type { ImageRequest } from './kubernetes/build.ts';
export { echo, type ServiceRequest } from './load/request.ts';
export type { Report, Second, TimelineEntry } from './report/schema.ts';

/** Rehearses as a command line asks for. Returns the exit code. */
export async function rehearseCommand(args: readonly string[], repository: Repository): Promise<number> {
  const interrupted = interruption();
  try {
    if (args[0] === '--self-test') return await selfTest(args.slice(1), (text) => void process.stdout.write(text));
    const options = parseOptions(args, process.env, repository.command);
    if (options === null) return print(usage(repository.command));
    if (options.listScenes) return print(sceneList());
    return await rehearse(options, toldRepository(repository, options), interrupted);
  } catch (error) {
    return exitCode(error, interrupted);
  }
}

/** Plays, judges and reports. Returns the exit code of the verdict. */
async function rehearse(options: RehearsalOptions, repository: Repository, signal: AbortSignal): Promise<number> {
  const startedAt = Date.now();
  const live = options.livePort === null ? null : await startLive('Rehearsal', options.livePort);
  const steps = liveSteps(terminalSteps(startedAt), live);
  signal.addEventListener('abort', () => steps.done('interrupted: taking everything down'));
  // At once: what follows may take seconds, and whoever started it looks at an empty screen.
  steps.done(`reading ${options.own.folder ?? 'the last commit'}`);
  const isCommitted = options.own.folder === null || options.change !== null;
  const committed = isCommitted ? await committedProject(signal, steps) : null;
  if (options.preflight === null && !options.measureLag) await makeReportFolder(options.reportDirectory);
  await removeStaleFolders();
  const folder = await makeRunFolder();
  const left: LeftBehind[] = [];
  try {
    const project = committed ?? (await writeProject(folder, options.own, signal));
    const request = { repository, project, folder, options, steps, signal };
    if (options.preflight !== null) return await askBefore(request, options.preflight);
    if (options.measureLag && options.context !== null) return await measure(request, options.context.context);
    const sides = await sidesOf(request);
    if ('why' in sides) return await notPlayed(options, sides.why);
    const idle = await withoutRequests(sides.after);
    if (idle !== null) {
      return await notPlayed(options, `Nothing sends requests to ${idle}, which has no Service and no port.`);
    }
    // A control shows what the rehearsal can see, whatever the head does.
    const beside = { before: sides.before, after: sides.before };
    const playOn: PlayOn = async (asked): Promise<PlayRecord> => {
      const played = await setUpAndPlay({
        ...request,
        sides: asked.untilLost === true ? beside : sides,
        untilLost: false,
        ...asked,
      });
      if (played.left !== null) left.push(played.left);
      return played.record;
    };
    const isDrained = committedDrainMs(sides.before, repository) > 0;
    const code = options.compare
      ? await compareBoth(playOn, options)
      : await playScenes(playOn, isDrained, sides, request);
    // Only now: what was seen is worth its report, whatever is left.
    if (left.length > 0) throw new LeftBehind(left.map(({ message }) => message).join('\n'), { cause: left[0] });
    return code;
  } finally {
    steps.end();
    await live?.close();
    await removeFolder(folder);
  }
}

/** What is played: the last commit, or a change. */
async function sidesOf(request: RunRequest): Promise<Changed> {
  const { change } = request.options;
  if (change !== null) return makeSides({ ...request, change });
  const side = await makeSide(request);
  return { before: side, after: side };
}

/** Says why there is nothing to lose, which is a verdict too. It is no report. */
async function notPlayed({ reportDirectory, json }: RehearsalOptions, why: string): Promise<number> {
  const sentence = `${why} There is no request to lose, and nothing is played.`;
  await writeNotPlayed(reportDirectory, sentence);
  process.stdout.write(
    json ? `${JSON.stringify({ schema: 1, verdict: 'not played', why }, null, 2)}\n` : `${sentence}\n`,
  );
  return 0;
}

/** The project around here, whose last commit is played. */
async function committedProject(signal: AbortSignal, steps: Steps): Promise<string> {
  const { directory, uncommitted } = await findProject({ directory: process.cwd(), environment: process.env, signal });
  if (uncommitted > 0) {
    steps.done(
      `${uncommitted} ${uncommitted === 1 ? 'file is' : 'files are'} not committed: what is rehearsed is the last commit`,
    );
  }
  return directory;
}

/** A repository with what the options say of it. */
function toldRepository(around: Repository, { told, own }: RehearsalOptions): Repository {
  const { applications } = told;
  // Of a folder of manifests the repository around knows nothing.
  const repository = own.folder === null ? around : { ...anyRepository, command: around.command };
  return {
    ...repository,
    ...(applications === null ? {} : { applications: async () => applications }),
    drainVariable: told.drainVariable ?? repository.drainVariable,
    ...(told.build === null ? {} : { build: builtBy(told.build) }),
  };
}

async function compareBoth(playOn: PlayOn, options: RehearsalOptions): Promise<number> {
  const asked = { settings: options.baseline ?? 'ours', scene: releaseAndRevert } as const;
  // The real one first: more can be wrong with it.
  const there = judge(await playOn({ ...asked, on: 'context' }), null);
  const here = judge(await playOn({ ...asked, on: 'embedded' }), null);
  const comparison = compare(here, there);
  await writeComparison(options.reportDirectory, here, there, comparison);
  show(options, comparison, comparisonTable(comparison));
  return worse(exitCodes[here.verdict], exitCodes[there.verdict]);
}

async function askBefore(request: RunRequest, context: string): Promise<number> {
  const { preflight } = await import('./preflight/preflight.ts');
  const findings = await preflight(request, context, process.env);
  const problems = findings.flatMap((finding) => finding.problems);
  show(request.options, findings, `Preflight: ${problems.length === 0 ? 'all is well' : problems.join('\n')}`);
  return problems.length === 0 ? 0 : 1;
}

async function measure(request: RunRequest, context: string): Promise<number> {
  const { lagWords, measureLag } = await import('./preflight/lag.ts');
  const lags = await measureLag(request, context);
  show(request.options, lags, lagWords(lags));
  return lags.isCut ? 1 : 0;
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function exitCode(error: unknown, interrupted: AbortSignal): number {
  if (interrupted.reason instanceof Crash) {
    process.stderr.write(`rehearse: ${interrupted.reason.message}\n`);
    return 3;
  }
  if (interrupted.aborted && !(error instanceof LeftBehind)) {
    process.stderr.write('rehearse: interrupted; everything is taken down.\n');
    return 130;
  }
  process.stderr.write(`rehearse: ${error instanceof Error ? error.message : String(error)}\n`);
  return error instanceof UsageError ? 2 : 3;
}

/** A repository of which nothing is known but its manifests, and what options say. */
const anyRepository: Repository = {
  command: 'zerodrop rehearse',
  applications: async () => 'argocd',
  drainVariable: null,
  firstEnvironment: async () => null,
  prepare: async () => undefined,
  async build() {
    throw new UsageError(
      'The embedded cluster runs your service as a program of this machine. Say which by --command COMMAND, such as --command "node server.js", or rehearse on a real cluster by --context NAME.',
    );
  },
  validate: () => [],
};

/** `zerodrop rehearse`. Returns the exit code. */
export async function rehearseFromCommandLine(args: readonly string[]): Promise<number> {
  return rehearseCommand(args, anyRepository);
}
