import type { Ended } from 'zerodrop/command';
import { UsageError } from 'zerodrop/errors';
import { commitHash } from 'zerodrop/options';
import { partsOf } from '../../apps/pins.ts';
import { gitHubFrom } from '../../github/api.ts';
import {
  allowance,
  environmentNames,
  pushOptions,
  pushUsage,
  readArguments,
  requiredEnvironment,
  surroundingsOf,
  unpushedLine,
} from '../options.ts';
import { refusedReport, tellApart, withdrawnWords } from '../outcome.ts';
import type { Surroundings } from '../publish/race.ts';
import { offer } from '../pull-request/offer.ts';
import {
  draftRollback,
  findTarget,
  type Gone,
  readRepository,
  rollBack,
  rollbackBranch,
  type RollbackRequest,
} from '../rollback/rollback.ts';
import { allowedLines } from './publish.ts';

const usage = `npm run release -- rollback --environment NAME [options]

Reverts the last release of an environment that was not reverted yet, on the newest main of the remote, and pushes that.
It reads nothing of your branch, index and files. Run again, it goes one release further back. CI does not release what was
rolled back until a newer commit comes.
Prints the commit, or the address of the pull request.

  --environment NAME    one of settings.ts
  --service NAME        one of settings.ts; may be left out where there is one
  --commit COMMIT       only this release, all 40 digits: does nothing where another one runs now
  --pull-request        opens or renews the pull request of the branch roll-back/SERVICE-ENVIRONMENT instead, with the token in GH_TOKEN
${pushUsage}

Exit: 0 rolled back or nothing to do, 1 the guard refused, 2 wrong use, 3 it did not get through, or nothing is released yet, 130 interrupted.
`;

/** `npm run release -- rollback` */
export async function rollbackCommand(args: readonly string[], signal: AbortSignal): Promise<Ended> {
  const values = readArguments(
    args,
    {
      ...pushOptions,
      environment: { type: 'string' },
      service: { type: 'string' },
      commit: { type: 'string' },
      'pull-request': { type: 'boolean', default: false },
    },
    'rollback ',
  );
  if (values.help) return { stdout: usage, stderr: '', exitCode: 0 };
  const request = {
    environment: await environmentName(values.environment, values.directory),
    service: values.service === undefined ? undefined : serviceName(values.service),
    release: values.commit === undefined ? null : commitHash('--commit', values.commit),
    allowance: allowance(values.allow ?? [], values.because),
  };
  const surroundings = await surroundingsOf(values, signal);
  process.stderr.write(await unpushedLine(surroundings));
  return values['pull-request'] ? offerRollback(request, surroundings) : pushRollback(request, surroundings);
}

/** The settings are not asked, because a main whose settings are broken can be rolled back. Paths are made of the name. */
async function environmentName(given: string | undefined, directory: string): Promise<string> {
  const name = await requiredEnvironment('--environment', given, directory);
  if (/^[a-z0-9-]+$/.test(name)) return name;
  throw new UsageError(
    `--environment is ${JSON.stringify(name)}, expected an environment of settings.ts${await environmentNames(directory)}.`,
  );
}

function serviceName(name: string): string {
  if (/^[a-z0-9-]+$/.test(name)) return name;
  throw new UsageError(`--service is ${JSON.stringify(name)}, expected the name of a service of settings.ts.`);
}

async function pushRollback(request: RollbackRequest, surroundings: Surroundings): Promise<Ended> {
  const ended = await rollBack(request, surroundings);
  if (ended.kind === 'refused') return refusedReport(ended.refusals);
  if (ended.kind === 'gone') return { stdout: '', stderr: goneWords(ended), exitCode: 0 };
  const { commit, release, target, allowed } = ended;
  const [from, to] = tellApart(release.pin, target.pin);
  const done = `Rolled ${request.environment} back from ${from} to ${to}.\n`;
  return { stdout: `${commit}\n`, stderr: allowedLines(allowed) + done, exitCode: 0 };
}

async function offerRollback(request: RollbackRequest, surroundings: Surroundings): Promise<Ended> {
  const repository = await readRepository(surroundings.directory, surroundings.remote);
  const target = await findTarget(request, surroundings);
  const make = draftRollback.bind(null, { ...request, ...partsOf(target) }, surroundings);
  const offered = await offer(rollbackBranch(target), make, gitHubFrom(process.env, repository), surroundings);
  if (offered.kind === 'offered') return { stdout: `${offered.url}\n`, stderr: '', exitCode: 0 };
  return { stdout: '', stderr: goneWords(offered.because) + withdrawnWords(offered.url), exitCode: 0 };
}

function goneWords({ commit }: Gone): string {
  return `Nothing to roll back: ${commit} was rolled back already.\n`;
}
