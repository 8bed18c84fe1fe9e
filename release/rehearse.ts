import { ProgramError, UsageError } from 'zerodrop/errors';
import { echo, rehearseCommand, type Repository, run, type ProcessOptions } from 'zerodrop/rehearse';
import { loadProject, namedTarget } from '../apps/project.ts';
import { objectProblems } from '../apps/validation/objects.ts';
import { buildOf } from '../settings/build.ts';

/** What of this repository a rehearsal can't read from its manifests. */
const repository: Repository = {
  command: 'npm run rehearse --',
  drainVariable: 'DRAIN_MS',
  validate: objectProblems,
  request: echo,
  // A version from before there was one answers 404 at once, and loses nothing by it.
  slowRequest: {
    ...echo,
    method: 'GET',
    path: '/wait?ms={ms}',
    body: null,
    statuses: [200, 404],
    expects: null,
    version: null,
  },
  limitVariable: 'SHUTDOWN_LIMIT_MS',
  async applications(directory, { environment, service }) {
    return namedTarget(await loadProject(directory), environment, service)?.argoFolder ?? 'argocd';
  },
  async firstEnvironment(directory, service) {
    // By its Application's name: an environment has one for each service.
    return namedTarget(await loadProject(directory), null, service)?.name ?? null;
  },
  async sources(directory, { environment, service }) {
    const target = namedTarget(await loadProject(directory), environment, service);
    return target === undefined ? ['.'] : buildOf(target.service).paths;
  },
  /** Nobody pulls this image: the rehearsal puts its own in the place of it. */
  async prepare(application, clone) {
    const { targets } = await loadProject(clone.directory);
    const target = targets.find(({ name }) => name === application);
    if (target === undefined)
      throw new UsageError(`The Application ${application} is of no service in settings.ts. Run npm run synth.`);
    const environment = target.environment.name;
    const { image } = target.service;
    const source = await run(clone, 'git', 'rev-parse', 'HEAD');
    const pin = [
      '--image',
      `${image}:rehearsal@sha256:${'0'.repeat(64)}`,
      '--source',
      source,
      '--again',
      '--despite-freeze',
    ];
    const asked = ['--environment', environment, '--service', target.service.name, ...pin];
    await script(clone, 'release/main.ts', 'publish', '--no-push', ...asked);
  },
  async build({ version, revision, startupMs }, out, clone) {
    const faults = JSON.stringify({ startupDelayMs: startupMs });
    const asked = ['--version', version, '--revision', revision, '--faults', faults, '--out', out];
    await script(clone, 'service/build.ts', ...asked);
  },
};

process.exitCode = await rehearseCommand(process.argv.slice(2), repository);

/** Runs a program of the clone as its npm script would. Throws {@link UsageError} where it says that something in the clone is wrong. */
async function script(clone: ProcessOptions, file: string, ...args: readonly string[]): Promise<void> {
  try {
    await run(clone, process.execPath, '--conditions=zerodrop-source', '--import', 'tsx', file, ...args);
  } catch (error) {
    if (!(error instanceof ProgramError) || error.code !== 2) throw error;
    throw new UsageError(`The last commit can't be rehearsed. ${error.said}`, { cause: error });
  }
}
