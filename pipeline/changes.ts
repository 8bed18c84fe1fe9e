import { ProgramError } from 'zerodrop/errors';
import { git } from 'zerodrop/git';
import { manifestsPath, partsOf, pinPath, type Pins, readPins, type TargetPath } from '../apps/pins.ts';
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
  /** What a rehearsal of the change plays: each target that changed, and a service that only gets another image where it is released first. */
  readonly rehearsals: readonly Pick<ChangedTarget, 'service' | 'environment'>[];
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
  const images = services.flatMap((service) => {
    const { context, dockerfile, paths } = buildOf(service);
    // The settings say what an image is built from.
    return ['settings.ts', ...paths].some(has) ? [{ service: service.name, context, dockerfile }] : [];
  });
  const targets = environments.flatMap((environment) =>
    services.flatMap(({ name: service }) => {
      const target: TargetPath = `${environment.name}/${service}`;
      return has(manifestsPath(target))
        ? [{ service, environment: environment.name, released: has(pinPath(target)) }]
        : [];
    }),
  );
  const first = environments.find(({ after }) => after === undefined)?.name;
  const byImage = images.filter(
    ({ service }) => first !== undefined && targets.every((one) => one.service !== service),
  );
  return {
    services: images,
    targets,
    rehearsals: [
      ...targets.map(({ service, environment }) => ({ service, environment })),
      ...byImage.map(({ service }) => ({ service, environment: first ?? '' })),
    ],
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

/** `changes --since COMMIT`: the services and the targets that changed since then, and what is rehearsed of it, as JSON lists for matrices. */
export async function changesCommand(args: readonly string[]): Promise<Ended> {
  const { values } = readArguments(args, { since: { type: 'string' } });
  const since = requiredCommit('--since', values.since);
  const { services, targets, rehearsals } = await changesSince('.', since, await loadSettings('.'));
  return ended(
    stepOutputs({
      services: matrixOf(services, 'Services that changed'),
      targets: matrixOf(targets, 'Targets that changed'),
      rehearsals: matrixOf(rehearsals, 'Rehearsals'),
    }),
  );
}

/** What a service runs at the end of a chain of environments. */
export interface Running {
  readonly service: string;
  readonly environment: string;
  readonly image: string;
  /** The host of the image. */
  readonly registry: string;
  /** 40 hex digits. */
  readonly source: string;
  /** The folder that it is built from. */
  readonly context: string;
}

/** The targets in environments that no other one comes after: what people use. */
export function lastTargets({ services, environments }: Pick<Settings, 'services' | 'environments'>): TargetPath[] {
  const last = environments.filter(({ name }) => environments.every(({ after }) => after !== name));
  return last.flatMap((environment) => services.map(({ name }): TargetPath => `${environment.name}/${name}`));
}

/** What runs there; nothing of a target before its first release. */
export function runningIn(
  targets: readonly TargetPath[],
  { services }: Pick<Settings, 'services'>,
  pins: Pins,
): Running[] {
  return targets.flatMap((target) => {
    const { environment, service } = partsOf(target);
    const pin = pins.get(target);
    const own = services.find(({ name }) => name === service);
    if (pin === undefined || own === undefined) return [];
    const [registry = ''] = pin.image.split('/');
    return [{ service, environment, image: pin.image, registry, source: pin.source, context: buildOf(own).context }];
  });
}

/** `pinned`: what each service runs in the last environments, as a JSON list for a matrix. */
export async function pinnedCommand(args: readonly string[]): Promise<Ended> {
  readArguments(args, {});
  const settings = await loadSettings('.');
  const targets = lastTargets(settings);
  const running = runningIn(targets, settings, await readPins('.', targets));
  return ended(stepOutputs({ targets: matrixOf(running, 'Images that run') }));
}
