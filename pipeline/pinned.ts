import { partsOf, type Pins, readPins, type TargetPath } from '../apps/pins.ts';
import { buildOf } from '../settings/build.ts';
import { loadSettings } from '../settings/load.ts';
import type { Settings } from '../settings/settings.ts';
import { ended, type Ended, matrixOf, readArguments, stepOutputs } from './command.ts';

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
