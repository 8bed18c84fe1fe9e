import { findEnvironment } from '../../settings/known-environment.ts';
import type { EnvironmentSettings, Settings } from '../../settings/settings.ts';
import { originalRollout } from '../baseline.ts';
import type { RehearsalOptions } from '../options.ts';
import { WrongUse } from '../wrong-use.ts';

/** The one environment that is played, and the settings that hold only it. */
export interface Rehearsed {
  readonly name: string;
  readonly environment: EnvironmentSettings;
  readonly settings: Settings;
}

/**
 * The settings of the scratch clone: the owner's, with the scratch remote as the repository and the one environment that is
 * played. Throws {@link WrongUse} where the environment is not in the settings.
 */
export function rehearsedSettings(
  settings: Settings,
  repository: string,
  play: 'ours' | 'original',
  options: RehearsalOptions,
): Rehearsed {
  const [name, committed] = knownEnvironment(
    settings,
    options.environment ?? Object.keys(settings.environments)[0] ?? '',
  );
  const environment = play === 'original' ? original(committed, options) : ours(committed, options);
  return { name, environment, settings: { ...settings, repository, environments: { [name]: environment } } };
}

/** The environment of this name, with the name. Throws {@link WrongUse} where it is not in the settings. */
export function knownEnvironment(settings: Settings, name: string): readonly [string, EnvironmentSettings] {
  const found = findEnvironment('--environment', name, settings);
  if (typeof found === 'string') throw new WrongUse(found);
  return [name, found];
}

function ours(committed: EnvironmentSettings, options: RehearsalOptions): EnvironmentSettings {
  return {
    ...committed,
    replicas: options.replicas ?? committed.replicas,
    endpointLagSeconds: Math.max(committed.endpointLagSeconds ?? 0, options.endpointLagMs / 1_000),
    ...(options.drainMs === null
      ? {}
      : { unchecked: { because: 'set by --drain-ms of a rehearsal', drainSeconds: options.drainMs / 1_000 } }),
  };
}

function original(committed: EnvironmentSettings, options: RehearsalOptions): EnvironmentSettings {
  const { maxSurge: _, ...kept } = committed;
  return { ...kept, replicas: options.replicas ?? committed.replicas, unchecked: originalRollout };
}

/** The text of the scratch clone's settings.ts. */
export function settingsSource(settings: Settings): string {
  return [
    "import { defineSettings } from './settings/define.ts';",
    '',
    '/** Written by a rehearsal into its scratch clone. */',
    `export const settings = defineSettings(${JSON.stringify(settings, null, 2)});`,
    '',
  ].join('\n');
}
