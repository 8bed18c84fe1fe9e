import { ProgramError, rehearseCommand, type Repository, run, type Surroundings, UsageError } from 'zerodrop/rehearse';
import { objectProblems } from '../apps/validation/objects.ts';
import { loadSettings } from '../settings/load.ts';

/** What of this repository a rehearsal can't read from its manifests. */
const repository: Repository = {
  command: 'npm run rehearse --',
  applications: 'argocd',
  drainVariable: 'DRAIN_MS',
  validate: objectProblems,
  async firstEnvironment(directory) {
    const { environments } = await loadSettings(directory);
    return Object.keys(environments)[0] ?? null;
  },
  /** Nobody pulls this image: the rehearsal puts its own in the place of it. */
  async prepare(application, clone) {
    const { service, image } = await loadSettings(clone.directory);
    const environment = application.slice(service.length + 1);
    const source = await run(clone, 'git', 'rev-parse', 'HEAD');
    const pin = ['--image', `${image}:rehearsal@sha256:${'0'.repeat(64)}`, '--source', source];
    await script(clone, 'release/main.ts', '--environment', environment, ...pin);
  },
  async build({ version, revision, startupMs }, out, clone) {
    const faults = JSON.stringify({ startupDelayMs: startupMs });
    const asked = ['--version', version, '--revision', revision, '--faults', faults, '--out', out];
    await script(clone, 'service/build.ts', ...asked);
  },
};

process.exitCode = await rehearseCommand(process.argv.slice(2), repository);

/** Runs a program of the clone as its npm script would. Throws {@link UsageError} where it says that something in the clone is wrong. */
async function script(clone: Surroundings, file: string, ...args: readonly string[]): Promise<void> {
  try {
    await run(clone, process.execPath, '--conditions=zerodrop-source', '--import', 'tsx', file, ...args);
  } catch (error) {
    if (!(error instanceof ProgramError) || error.code !== 2) throw error;
    throw new UsageError(`The last commit can't be rehearsed. ${error.said}`, { cause: error });
  }
}
