import { UsageError } from 'zerodrop/errors';
import { readAddress } from '../../github/address.ts';
import { gitHubFrom, type GitHub, lookUp } from '../../github/api.ts';
import { contextName, resolveGoogle } from '../../settings/google/resolve.ts';
import { loadSettings } from '../../settings/load.ts';
import type { Settings } from '../../settings/settings.ts';
import { type Ended, readArguments } from '../command.ts';
import { readWanted, type Wanted } from '../setup/differences.ts';
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
