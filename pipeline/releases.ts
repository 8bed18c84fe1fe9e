import { OperationError, ProgramError } from 'zerodrop/errors';
import { filesAt } from 'zerodrop/files';
import { git, gitBytes } from 'zerodrop/git';
import { formerPinPath, manifestsPath, parsePin, type Pin, PinError, pinPath, type TargetPath } from '../apps/pins.ts';
import { harmlessLine } from '../github/texts.ts';
import { buildOf } from '../settings/build.ts';
import { loadSettings } from '../settings/load.ts';
import { activeFreeze, type Freeze, freezeWords, type Settings } from '../settings/settings.ts';
import { ended, type Ended, matrixOf, readArguments, requiredCommit, requiredService, stepOutputs } from './command.ts';
import { imageSource } from './image/published.ts';

/** What of one service is to be built and released. */
export interface Release {
  readonly service: string;
  /** The commit that its image is a build of, 40 hex digits. */
  readonly source: string;
  /** Those that take releases from the build and have not had this one. */
  readonly environments: readonly string[];
}

/** The services that have a source to release at HEAD, and a sentence for each one that has none. */
export interface Releases {
  readonly releases: readonly Release[];
  readonly notes: readonly string[];
}

/**
 * What is to be released of HEAD: each service by itself, to the environments that come after no other one and are not frozen.
 *
 * @param all releases also what an environment has had, to be watched and offered once more
 * @param nowMs in milliseconds since 1970: a freeze ends by it
 */
export async function releasesOf(
  directory: string,
  { services, environments }: Pick<Settings, 'services' | 'environments'>,
  all: boolean,
  nowMs: number,
): Promise<Releases> {
  const first = environments.filter(({ after }) => after === undefined);
  const freezes = first.flatMap((environment) => {
    const freeze = activeFreeze(environment, nowMs);
    return freeze === null ? [] : [{ name: environment.name, freeze }];
  });
  const entries = first.map(({ name }) => name).filter((name) => freezes.every((one) => one.name !== name));
  const main = await newestMain(directory);
  const releases: Release[] = [];
  const notes: string[] = freezes.map(
    ({ name, freeze }) => `${freezeWords(name, freeze)} Releases to it wait until then.`,
  );
  if (entries.length === 0) return { releases: [], notes };
  for (const service of services) {
    const build = buildOf(service);
    const source = await imageSource(directory, build);
    if (source === null) {
      notes.push(`${service.name}: nothing to release, because no commit has ${build.paths.join(', ')}.`);
      continue;
    }
    const had = await Promise.all(
      entries.map((environment) => hasHad(directory, main, `${environment}/${service.name}`, source)),
    );
    const wanted = entries.filter((_, index) => all || had[index] === false);
    if (wanted.length > 0) releases.push({ service: service.name, source, environments: wanted });
    else {
      notes.push(
        `${service.name}: nothing to release, because ${entries.join(', ')} had a build of ${source}, and no later commit changes what the image is made of.`,
      );
    }
  }
  return { releases, notes };
}

/** What others have released since HEAD counts as well: the remote's main, where this clone has it. */
async function newestMain(directory: string): Promise<string> {
  const remote = 'refs/remotes/origin/main';
  const found = await git(directory, 'for-each-ref', '--format=%(refname)', remote);
  return found === remote ? remote : 'HEAD';
}

/**
 * Whether a target runs a build of this source, or of a newer commit that has it; or ran it once, and somebody rolled it back.
 *
 * @param main the commit that says what the target runs
 */
export async function hasHad(directory: string, main: string, target: TargetPath, source: string): Promise<boolean> {
  const paths = [pinPath(target), formerPinPath(target)];
  const pin = await pinAt(directory, main, paths);
  if (pin !== null && (await isIn(directory, source, pin.source))) return true;
  const log = ['log', '--first-parent', '-m', '--no-show-signature', '--format=%H', '--max-count=1', `-S${source}`];
  return (await git(directory, ...log, main, '--', ...paths)) !== '';
}

async function pinAt(directory: string, main: string, paths: readonly string[]): Promise<Pin | null> {
  const files = await filesAt(directory, main, ...paths);
  for (const path of paths) {
    const text = files.get(path);
    if (typeof text !== 'string') continue;
    try {
      return parsePin(text, path);
    } catch (error) {
      // A release is what mends it.
      if (!(error instanceof PinError)) throw error;
    }
  }
  return null;
}

async function isIn(directory: string, source: string, pinned: string): Promise<boolean> {
  try {
    return (await git(directory, 'rev-list', '--max-count=1', source, `^${pinned}`)) === '';
  } catch (error) {
    // The pinned source is no commit of this clone: built elsewhere, or from a branch that is gone.
    if (error instanceof ProgramError) return false;
    throw error;
  }
}

/**
 * `newest --service NAME`: the source of a service's image at HEAD, for a run that may have waited, and the environments that have not had
 * it, where there are any. Throws OperationError where no commit has what the image is made of.
 */
export async function newestCommand(args: readonly string[]): Promise<Ended> {
  const { values } = readArguments(args, { service: { type: 'string' } });
  const settings = await loadSettings('.');
  const service = requiredService(values.service, settings);
  const source = await imageSource('.', buildOf(service));
  if (source === null) throw new OperationError(`No commit has what the image of ${service.name} is made of.`);
  const { releases, notes } = await releasesOf('.', { ...settings, services: [service] }, false, Date.now());
  for (const note of notes) process.stderr.write(`${note}\n`);
  const environments = releases.flatMap((release) => release.environments);
  return ended(stepOutputs({ source, ...(environments.length > 0 && { environments: JSON.stringify(environments) }) }));
}

/** `releases [--all] [--service NAME]`: what is to be built and released, as a JSON list for a matrix. */
export async function releasesCommand(args: readonly string[]): Promise<Ended> {
  const { values } = readArguments(args, {
    all: { type: 'boolean', default: false },
    service: { type: 'string' },
  });
  const settings = await loadSettings('.');
  const only = values.service === undefined ? null : requiredService(values.service, settings).name;
  const services = settings.services.filter(({ name }) => only === null || name === only);
  const { releases, notes } = await releasesOf('.', { ...settings, services }, values.all, Date.now());
  for (const note of notes) process.stderr.write(`${note}\n`);
  return ended(stepOutputs({ releases: matrixOf(releases, 'Services to release') }));
}

/** An environment that takes no release now. */
interface Frozen {
  readonly environment: string;
  readonly freeze: Freeze;
}

/** The environments that are frozen at a moment, in milliseconds since 1970. */
export function frozenNow({ environments }: Pick<Settings, 'environments'>, nowMs: number): readonly Frozen[] {
  return environments.flatMap((environment) => {
    const freeze = activeFreeze(environment, nowMs);
    return freeze === null ? [] : [{ environment: environment.name, freeze }];
  });
}

/** What a change does to frozen environments, a sentence for each target that it rolls out anew. What goes back to what was there passes. */
export async function frozenProblems(
  directory: string,
  base: string,
  head: string,
  { services, environments }: Pick<Settings, 'services' | 'environments'>,
  nowMs: number,
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const { environment, freeze } of frozenNow({ environments }, nowMs)) {
    for (const { name } of services) {
      const target: TargetPath = `${environment}/${name}`;
      if (await goesBack(directory, base, head, target)) continue;
      problems.push(
        `${freezeWords(environment, freeze)} This change releases ${name} there. Merge it then, after its checks have run again. To release before, merge a change of settings.ts that removes the freeze.`,
      );
    }
  }
  return problems;
}

/**
 * Whether a change leaves a target as it is, or rolls it back: to a pin that it had before, whatever the manifests are rendered of; or,
 * with the same pin, to manifests that it had before.
 */
async function goesBack(directory: string, base: string, head: string, target: TargetPath): Promise<boolean> {
  const paths = [pinPath(target), manifestsPath(target)];
  const log = await git(directory, 'rev-list', '--first-parent', base, '--', ...paths);
  const commits = [head, base, ...log.split('\n').filter((commit) => commit !== '')];
  const questions = commits.flatMap((commit) => paths.map((path) => `${commit}:${path}\n`)).join('');
  const printed = await gitBytes(directory, questions, 'cat-file', '--batch-check=%(objectname)');
  // `COMMIT:PATH missing`: the same nothing at each commit.
  const names = printed.toString().trimEnd().split('\n');
  const held = names.map((line) => (line.endsWith(' missing') ? '' : line));
  const pins = held.filter((_, index) => index % 2 === 0);
  const manifests = held.filter((_, index) => index % 2 === 1);
  const [pin = '', pinNow, ...formerPins] = pins;
  if (pin !== pinNow) return pin !== '' && formerPins.includes(pin);
  return manifests.slice(1).includes(manifests[0] ?? '');
}

/**
 * `frozen [--base COMMIT --head COMMIT]`: the environments that are frozen, as Markdown for a summary; and whether a change releases into
 * one of them, by the settings of the checked-out commit.
 */
export async function frozenCommand(args: readonly string[], nowMs = Date.now()): Promise<Ended> {
  const { values } = readArguments(args, { base: { type: 'string' }, head: { type: 'string' } });
  const settings = await loadSettings('.');
  const isChange = values.base !== undefined || values.head !== undefined;
  const problems = isChange
    ? await frozenProblems(
        '.',
        requiredCommit('--base', values.base),
        requiredCommit('--head', values.head),
        settings,
        nowMs,
      )
    : [];
  const stdout = frozenNow(settings, nowMs)
    .map(
      ({ environment, freeze: { until, because } }) =>
        `**${environment}** is frozen until ${until}: ${harmlessLine(because)}. Releases and promotions wait; rollbacks go on.\n\n`,
    )
    .join('');
  return { stdout, problems };
}
