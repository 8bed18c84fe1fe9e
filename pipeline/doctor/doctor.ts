import { OperationError, UsageError } from 'zerodrop/errors';
import { readAddress, repositoryPage, shownAddress } from '../../github/address.ts';
import { askGitHub as askApi, type GitHub, GitHubError, gitHubFrom, lookUp } from '../../github/api.ts';
import { isExampleRepository } from '../../settings/cross-checks.ts';
import { contextName, resolveGoogle } from '../../settings/google/resolve.ts';
import { loadSettings } from '../../settings/load.ts';
import type { Settings } from '../../settings/settings.ts';
import { type Ended, ended, isAgreed, readArguments } from '../command.ts';
import { differences } from '../setup/differences.ts';
import { offerReleaseApp } from '../setup/release-app.ts';
import { providerName, signInFinding } from './app.ts';
import { type Ask, type Difference, type Finding, findingsText, missing, readWanted, type Wanted } from './finding.ts';
import { exampleFinding, gitHubFindings } from './github.ts';
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
async function openPlaces(directory: string, settings: Settings, environment: NodeJS.ProcessEnv): Promise<Places> {
  const tell = machineTell(directory, environment);
  const token =
    environment['GH_TOKEN'] ??
    (await tell('gh', 'auth', 'token', '--hostname', readAddress(settings.repository)?.host ?? 'github.com')) ??
    '';
  const gitHub = gitHubOf({ ...environment, GH_TOKEN: token }, settings.repository);
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
  environment: NodeJS.ProcessEnv,
): Promise<readonly Finding[]> {
  const found: Finding[] = [...(await machineFindings(tell, directory, nodeVersion, settings.repository))];
  if (gitHub === null) {
    const isElsewhere = repositoryPage(settings.repository) === null && environment['GITHUB_SERVER_URL'] === undefined;
    const host = missing(
      'GitHub: host',
      `settings.ts names ${shownAddress(settings.repository)}, which is not known to be at GitHub: only GitHub runs the workflows.`,
      'Write the address of yours at GitHub into settings.ts. For a GitHub Enterprise Server: export GITHUB_SERVER_URL=https://HOST',
    );
    found.push(...[exampleFinding(settings) ?? []].flat());
    found.push(isElsewhere ? host : missing('GitHub: login', 'gh has none.', 'gh auth login'));
  } else {
    const place = `${gitHub.owner}/${gitHub.name}`;
    found.push(
      ...(await gitHubFindings(askGitHub, place, settings, await wantedOf(directory, askGitHub, place, settings))),
    );
    found.push(await signInFinding(askGitHub, place, settings));
  }
  for (const { google } of settings.clusters) {
    const resolved = resolveGoogle(google);
    found.push(...(await googleFindings(askGoogle, resolved)), await argoFinding(tell, contextName(resolved)));
  }
  return found;
}

/** Where a command runs, and who answers its question. */
export interface Here {
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Whether a person agrees to a question. */
  agree(question: string): Promise<boolean>;
  /** Shows what the question is about. */
  show(text: string): void;
}

const here: Here = {
  directory: '.',
  environment: process.env,
  agree: isAgreed,
  show: (text) => void process.stdout.write(text),
};

/** `doctor [--json]`: what is missing between a clone and a working pipeline, each with what mends it. */
export async function doctorCommand(args: readonly string[], { directory, environment } = here): Promise<Ended> {
  const { values } = readArguments(args, { json: { type: 'boolean', default: false } });
  const settings = await loadSettings(directory);
  const places = await openPlaces(directory, settings, environment);
  const found = await diagnose(directory, settings, places, process.versions.node, environment);
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
 * is, and offers to make the App that releases; with `--expect-unchanged` it changes nothing, and says no where anything differs.
 */
export async function setupCommand(
  args: readonly string[],
  { directory, environment, agree, show } = here,
): Promise<Ended> {
  const { values } = readArguments(args, setupOptions);
  const settings = await loadSettings(directory);
  const places = await openPlaces(directory, settings, environment);
  const { gitHub, askGitHub } = places;
  if (gitHub === null || isExampleRepository(settings.repository))
    throw new UsageError(
      'settings.ts names no repository of yours at GitHub, or gh has no login. Correct it, and run gh auth login.',
    );
  const place = `${gitHub.owner}/${gitHub.name}`;
  const variables = values['turn-on'] ? await providerVariable(places.askGoogle, settings) : {};
  const wanted = { ...(await wantedOf(directory, askGitHub, place, settings)), variables };
  const found = await differences(askGitHub, place, wanted);
  const told = values.json ? `${JSON.stringify({ differences: found }, null, 2)}\n` : differencesText(place, found);
  if (values['expect-unchanged']) {
    const wrong = found.filter(({ state }) => state === 'differs');
    const remedy = `${wrong.length} settings of ${place} are not what git says. Run npm run pipeline -- setup, or change the file.`;
    return { stdout: told, problems: wrong.length === 0 ? [] : [remedy] };
  }
  let done = told;
  if (found.some(({ changes }) => changes.length > 0)) {
    show(told);
    if (!values.yes && !(await agree(`Change ${place} like this? Type yes: `)))
      return { stdout: '', problems: ['Nothing is changed. To agree without a terminal, add --yes.'] };
    done = `${await make(gitHub, found)} requests are done. Run npm run pipeline -- doctor to see what is left.\n`;
  }
  if (wanted.app !== null || values.yes || values.json) return ended(done);
  show(done);
  // Once more with the App, which may go past the ruleset.
  if (await offerReleaseApp(askGitHub, gitHub, settings.repository, { directory, environment, agree, show }))
    return setupCommand(args, { directory, environment, agree, show });
  return ended('There is no App that releases, so nothing is released. Run this again, in a terminal, to make it.\n');
}

/**
 * Makes the requests, and returns how many. One that is refused ends the setting that it is about, and no other. Throws
 * {@link OperationError} with what GitHub said to those, once all are made.
 */
async function make(gitHub: GitHub, found: readonly Difference[]): Promise<number> {
  let done = 0;
  const refused: string[] = [];
  for (const { about, changes } of found) {
    try {
      for (const { method, path, body } of changes) {
        await askApi(gitHub, method, path, body ?? undefined);
        done += 1;
      }
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      refused.push(`${about}: ${error.said}`);
      if (error.status === null || error.status === 401) break;
    }
  }
  if (refused.length === 0) return done;
  const count = found.flatMap(({ changes }) => changes).length;
  throw new OperationError(
    `${done} of ${count} requests are done.\n${refused.join('\n')}\nYour login has to administer the repository, and its plan has to have what is set (docs/how-to/set-up-the-pipeline.md, "What your GitHub plan has"). Then run this again: what is done stays done.`,
  );
}

/** What differs, as a person reads it before it is changed. */
export function differencesText(place: string, found: readonly Difference[]): string {
  const lines = found.map(({ state, about, says, changes }) => {
    const requests = changes.map(
      ({ method, path, body }) => `    ${method} ${path}${body === null ? '' : ` ${JSON.stringify(body)}`}\n`,
    );
    const none = state === 'differs' ? '    Nothing that this command can change.\n' : '';
    return `${state === 'unread' ? 'not compared: ' : ''}${about}: ${says}\n${requests.join('') || none}`;
  });
  if (found.every(({ state }) => state === 'unread'))
    lines.push(`${place} is as .github/ and settings.ts say${found.length === 0 ? '' : ' in everything else'}.\n`);
  return lines.join('');
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
  return { [providerName]: lines.join('\n') };
}
