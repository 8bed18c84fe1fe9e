import { git, gitBytes } from 'zerodrop/git';
import { manifestsPath, pinPath, type TargetPath } from '../apps/pins.ts';
import { harmlessLine } from '../github/texts.ts';
import { activeFreeze, type Freeze, freezeWords } from '../settings/freeze.ts';
import { loadSettings } from '../settings/load.ts';
import type { Settings } from '../settings/settings.ts';
import { type Ended, readArguments, requiredCommit } from './command.ts';

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
