import { ProgramError } from 'zerodrop/errors';
import { git } from 'zerodrop/git';
import { manifestsPath, pinPath, type TargetPath } from '../apps/pins.ts';
import { type Build, buildOf } from '../settings/build.ts';
import { loadSettings } from '../settings/load.ts';
import type { Settings } from '../settings/settings.ts';
import { ended, type Ended, matrixOf, readArguments, requiredCommit, stepOutputs } from './command.ts';

/** A service whose image may be another now, with what a builder needs. */
export interface ChangedService extends Pick<Build, 'context' | 'dockerfile'> {
  readonly service: string;
}

/** A service in an environment that runs something else now. */
export interface ChangedTarget {
  readonly service: string;
  readonly environment: string;
  /** Whether its image changed. Else its configuration did, which nobody promotes by a pin. */
  readonly released: boolean;
}

/** What differs between two commits, by service and by target. */
export interface Changes {
  readonly services: readonly ChangedService[];
  readonly targets: readonly ChangedTarget[];
}

/**
 * What changed between a commit and HEAD, in the order of the settings. Everything where that commit is not there: the first push of a
 * branch, or one by force.
 */
export async function changesSince(
  directory: string,
  before: string,
  { services, environments }: Pick<Settings, 'services' | 'environments'>,
): Promise<Changes> {
  const changed = await pathsSince(directory, before);
  const has = (path: string): boolean =>
    changed === null || changed.some((one) => one === path || one.startsWith(`${path}/`));
  return {
    services: services.flatMap((service) => {
      const { context, dockerfile, paths } = buildOf(service);
      // The settings say what an image is built from.
      return ['settings.ts', ...paths].some(has) ? [{ service: service.name, context, dockerfile }] : [];
    }),
    targets: environments.flatMap((environment) =>
      services.flatMap(({ name: service }) => {
        const target: TargetPath = `${environment.name}/${service}`;
        return has(manifestsPath(target))
          ? [{ service, environment: environment.name, released: has(pinPath(target)) }]
          : [];
      }),
    ),
  };
}

async function pathsSince(directory: string, before: string): Promise<readonly string[] | null> {
  try {
    const named = ['diff', '--name-only', '--no-renames', '-z', before, 'HEAD', '--'];
    return (await git(directory, ...named)).split('\0');
  } catch (error) {
    if (error instanceof ProgramError) return null;
    throw error;
  }
}

/** `changes --since COMMIT`: the services and the targets that changed since then, as JSON lists for matrices. */
export async function changesCommand(args: readonly string[]): Promise<Ended> {
  const { values } = readArguments(args, { since: { type: 'string' } });
  const since = requiredCommit('--since', values.since);
  const { services, targets } = await changesSince('.', since, await loadSettings('.'));
  return ended(
    stepOutputs({
      services: matrixOf(services, 'Services that changed'),
      targets: matrixOf(targets, 'Targets that changed'),
    }),
  );
}
