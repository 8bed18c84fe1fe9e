import { createInterface } from 'node:readline/promises';
import { UsageError } from 'zerodrop/errors';
import { askGitHub as askApi, type GitHub, gitHubFrom, lookUp, readAddress } from '../../github/api.ts';
import { isExampleRepository } from '../../settings/cross-checks.ts';
import { contextName, resolveGoogle } from '../../settings/google/resolve.ts';
import { loadSettings } from '../../settings/load.ts';
import type { Settings } from '../../settings/settings.ts';
import { type Ended, ended, readArguments } from '../command.ts';
import { type Difference, differences, readWanted, type Wanted } from '../setup/differences.ts';
import { type Ask, type Finding, findingsText, missing, unknown } from './finding.ts';
import { gitHubFindings } from './github.ts';
import { googleFindings } from './google.ts';
import { argoFinding, machineFindings, machineTell, type Tell } from './machine.ts';

/** The two APIs and this machine, as a person's own logins reach them. */
export interface Places {
  /** Null where the settings name no repository at GitHub, or nobody is signed in. */
  readonly gitHub: GitHub | null;
  readonly askGitHub: Ask;
  readonly askGoogle: Ask;
  readonly tell: Tell;
}

const nobody: Ask = async () => ({ status: 0, body: null });

/** Signs in as gh and gcloud are: GH_TOKEN where it is set, and nothing is written or printed of a token. */
async function openPlaces(directory: string, settings: Settings): Promise<Places> {
  const tell = machineTell(directory);
  const token =
    process.env['GH_TOKEN'] ??
    (await tell('gh', 'auth', 'token', '--hostname', readAddress(settings.repository)?.host ?? 'github.com')) ??
    '';
  const gitHub = gitHubOf({ ...process.env, GH_TOKEN: token }, settings.repository);
  const google = await tell('gcloud', 'auth', 'print-access-token');
  return {
    gitHub,
    tell,
    askGitHub:
      gitHub === null ? nobody : (path) => lookUp(`${gitHub.api}${path}`, { authorization: `Bearer ${gitHub.token}` }),
    askGoogle: google === null ? nobody : (url) => lookUp(url, { authorization: `Bearer ${google}` }),
  };
}

function gitHubOf(environment: NodeJS.ProcessEnv, repository: string): GitHub | null {
  try {
    return gitHubFrom(environment, repository);
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}

/** What is to be at GitHub: the files in .github/, who approves, and the App by what GitHub has as its variable. */
async function wantedOf(directory: string, ask: Ask, place: string, settings: Settings): Promise<Wanted> {
  const answer = await ask(`/repos/${place}/actions/variables/RELEASE_APP_SLUG`);
  const told = answer.status === 200 && typeof answer.body === 'object' && answer.body !== null ? answer.body : {};
  const app = 'value' in told && typeof told.value === 'string' ? told.value : null;
  const reviewers = settings.owners?.platform.split(' ') ?? [];
  return { ...(await readWanted(directory)), reviewers, app, variables: {} };
}

/** Everything that is missing between a clone and a working pipeline. */
async function diagnose(
  directory: string,
  settings: Settings,
  { gitHub, askGitHub, askGoogle, tell }: Places,
  nodeVersion: string,
): Promise<readonly Finding[]> {
  const found: Finding[] = [...(await machineFindings(tell, directory, nodeVersion, settings.repository))];
  if (gitHub === null) {
    const says = 'settings.ts names no repository there, or gh has no login.';
    found.push(missing('GitHub: login', says, 'gh auth login'));
  } else {
    const place = `${gitHub.owner}/${gitHub.name}`;
    found.push(
      ...(await gitHubFindings(askGitHub, place, settings, await wantedOf(directory, askGitHub, place, settings))),
    );
    found.push(await signInFinding(askGitHub, place));
  }
  for (const { google } of settings.clusters) {
    const resolved = resolveGoogle(google);
    found.push(...(await googleFindings(askGoogle, resolved)), await argoFinding(tell, contextName(resolved)));
  }
  return found;
}

/** The variable that lets the workflows touch Google: the last step of bring-up. */
async function signInFinding(ask: Ask, place: string): Promise<Finding> {
  const about = 'GitHub: variable GOOGLE_WORKLOAD_IDENTITY_PROVIDER';
  const { status } = await ask(`/repos/${place}/actions/variables/GOOGLE_WORKLOAD_IDENTITY_PROVIDER`);
  if (status === 200)
    return { state: 'ok', about, says: 'it is set: the workflows build, release and apply.', mend: null };
  const turnOn = 'npm run pipeline -- setup --turn-on';
  if (status === 404)
    return missing(about, 'it is not set, so no workflow touches Google.', `${turnOn}   # when Argo CD runs`);
  return unknown(about, "it can't be read.", turnOn);
}

/** `doctor [--json]`: what is missing between a clone and a working pipeline, each with what mends it. */
export async function doctorCommand(args: readonly string[]): Promise<Ended> {
  const { values } = readArguments(args, { json: { type: 'boolean', default: false } });
  const settings = await loadSettings('.');
  const found = await diagnose('.', settings, await openPlaces('.', settings), process.versions.node);
  const count = found.filter(({ state }) => state === 'missing').length;
  return {
    stdout: values.json ? `${JSON.stringify({ findings: found }, null, 2)}\n` : findingsText(found),
    problems: count === 0 ? [] : [`${count} of ${found.length} things are missing. Each is listed with what mends it.`],
  };
}

const setupOptions = {
  yes: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  'expect-unchanged': { type: 'boolean', default: false },
  'turn-on': { type: 'boolean', default: false },
} as const;

/**
 * `setup [--yes] [--turn-on] [--json]`: sets at GitHub what .github/ruleset.json and .github/repository.json say, once somebody has seen what that
 * is; with `--expect-unchanged` it changes nothing, and says no where anything differs.
 */
export async function setupCommand(args: readonly string[]): Promise<Ended> {
  const { values } = readArguments(args, setupOptions);
  const settings = await loadSettings('.');
  const places = await openPlaces('.', settings);
  const { gitHub, askGitHub } = places;
  if (gitHub === null || isExampleRepository(settings.repository))
    throw new UsageError(
      'settings.ts names no repository of yours at GitHub, or gh has no login. Correct it, and run gh auth login.',
    );
  const place = `${gitHub.owner}/${gitHub.name}`;
  const variables = values['turn-on'] ? await providerVariable(places.askGoogle, settings) : {};
  const wanted = { ...(await wantedOf('.', askGitHub, place, settings)), variables };
  const found = await differences(askGitHub, place, wanted);
  const told = values.json ? `${JSON.stringify({ differences: found }, null, 2)}\n` : differencesText(place, found);
  if (values['expect-unchanged']) {
    const wrong = found.filter(({ changes }) => changes.length > 0);
    const remedy = `${wrong.length} settings of ${place} are not what git says. Run npm run pipeline -- setup, or change the file.`;
    return { stdout: told, problems: wrong.length === 0 ? [] : [remedy] };
  }
  const changes = found.flatMap((one) => one.changes);
  if (changes.length === 0) return ended(told);
  process.stdout.write(told);
  if (!values.yes && !(await isAgreed(`Change ${place} like this? Type yes: `)))
    return { stdout: '', problems: ['Nothing is changed.'] };
  for (const { method, path, body } of changes) await askApi(gitHub, method, path, body ?? undefined);
  return ended(`${changes.length} requests are done. Run npm run pipeline -- doctor to see what is left.\n`);
}

/** What differs, as a person reads it before it is changed. */
export function differencesText(place: string, found: readonly Difference[]): string {
  if (found.length === 0) return `${place} is as .github/ and settings.ts say.\n`;
  return found
    .map(({ about, says, changes }) => {
      const lines = changes.map(
        ({ method, path, body }) => `    ${method} ${path}${body === null ? '' : ` ${JSON.stringify(body)}`}`,
      );
      return [
        `${about}: ${says}`,
        ...(lines.length === 0 ? ['    Nothing that this command can change.'] : lines),
        '',
      ].join('\n');
    })
    .join('');
}

/** The variable that lets the workflows in, by the numbers of the projects. Throws {@link UsageError} where Google does not tell them. */
async function providerVariable(ask: Ask, { clusters }: Settings): Promise<Readonly<Record<string, string>>> {
  const lines: string[] = [];
  for (const { name, google } of clusters) {
    const { project, name: prefix } = resolveGoogle(google);
    const { body } = await ask(`https://cloudresourcemanager.googleapis.com/v3/projects/${project}`);
    const number = typeof body === 'object' && body !== null && 'name' in body ? String(body.name) : '';
    if (!/^projects\/\d+$/.test(number))
      throw new UsageError(
        `Google does not tell the number of ${project}. Run gcloud auth login, and npm run pipeline -- doctor.`,
      );
    const provider = `${number}/locations/global/workloadIdentityPools/${prefix}-github/providers/github`;
    lines.push(clusters.length === 1 ? provider : `${name}=${provider}`);
  }
  return { GOOGLE_WORKLOAD_IDENTITY_PROVIDER: lines.join('\n') };
}

/** Asks at the terminal. Nobody has agreed where there is none. */
async function isAgreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question)).trim() === 'yes';
  } finally {
    terminal.close();
  }
}
