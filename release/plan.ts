import { formatPin, parsePin, type Pin, PinError, pinPath, type Pins } from '../apps/pins.ts';
import { render } from '../apps/render.ts';
import type { ImageReference } from '../settings/image.ts';
import type { Settings } from '../settings/settings.ts';
import { CannotRelease } from './cannot-release.ts';
import { changedPaths, strayPath } from './changed-paths.ts';
import { allow, type Allowance } from './guard/allow.ts';
import { parseManifests } from './guard/documents.ts';
import { guard, type Refusal } from './guard/guard.ts';
import { formatImageReference } from './image-reference.ts';
import { WrongUse } from './wrong-use.ts';

/** One image for one environment. */
export interface ReleaseRequest {
  readonly environment: string;
  readonly image: ImageReference;
  /** The commit that the image was built from, 40 hex digits. */
  readonly source: string;
  /** The rules of the guard that this release may break; null for none. */
  readonly allowance: Allowance | null;
}

/** Texts of files by their path in the repository. */
export type Files = ReadonlyMap<string, string>;

/** What a release comes to. */
export type Plan =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly standing: readonly Refusal[] }
  | {
      readonly kind: 'commit';
      /** manifests/ and argocd/, whole. */
      readonly rendered: Files;
      readonly pinText: string;
      /** What differs from HEAD. */
      readonly changed: readonly string[];
      /** What ran before; null where nothing did, or where its pin can't be read. */
      readonly replaced: Pin | null;
      readonly allowed: readonly Refusal[];
      readonly used: Allowance | null;
    };

/**
 * Decides a release from what is committed: pins, renders and asks the guard, all in memory.
 *
 * @param committed manifests/, argocd/ and apps/images/ of HEAD
 * @throws WrongUse for what the settings do not know
 * @throws CannotRelease where the commit would change what runs in another environment
 */
export function planRelease(request: ReleaseRequest, settings: Settings, committed: Files): Plan {
  const { environment, image, source, allowance } = request;
  requireKnown(request, settings);
  const own = pinPath(environment);
  const pin: Pin = { image: formatImageReference(image), source };
  const pinText = formatPin(pin);
  const rendered = render(settings, new Map([...otherPins(request, settings, committed), [environment, pin]]));
  const pinFiles = [...committed].filter(([path]) => path.startsWith('apps/images/'));
  const after: Files = new Map([...rendered, ...pinFiles, [own, pinText]]);

  const changed = changedPaths(committed, after);
  if (changed.length === 0) return { kind: 'unchanged' };
  requireNoStray(changed, environment);
  const { standing, allowed, used } = allow(guard(parseManifests(committed), parseManifests(after)), allowance);
  if (standing.length > 0) return { kind: 'refused', standing };
  return { kind: 'commit', rendered, pinText, changed, replaced: replacedPin(committed, own), allowed, used };
}

/** Makes sure that the settings know what is asked for. Throws {@link WrongUse} where not. */
export function requireKnown(
  { environment, image }: Pick<ReleaseRequest, 'environment' | 'image'>,
  settings: Settings,
): void {
  requireEnvironment(environment, settings);
  if (image.repository !== settings.image) {
    throw new WrongUse(
      `--image is of the repository ${image.repository}, but image in settings.ts is ${settings.image}. Push the image there, or change the setting first.`,
    );
  }
}

/** Makes sure that the settings know an environment. Throws {@link WrongUse} where not. */
export function requireEnvironment(environment: string, settings: Settings, option = '--environment'): void {
  if (Object.hasOwn(settings.environments, environment)) return;
  const known = Object.keys(settings.environments).join(', ');
  throw new WrongUse(`${option} is ${JSON.stringify(environment)}, but settings.ts knows ${known}.`);
}

function otherPins({ environment }: ReleaseRequest, settings: Settings, committed: Files): Pins {
  const pins = new Map<string, Pin>();
  for (const name of Object.keys(settings.environments)) {
    const text = committed.get(pinPath(name));
    if (name !== environment && text !== undefined) pins.set(name, parsePin(text, pinPath(name)));
  }
  return pins;
}

/** A pin that can't be read is no reason to stop: a release is what mends it. */
function replacedPin(committed: Files, path: string): Pin | null {
  const text = committed.get(path);
  if (text === undefined) return null;
  try {
    return parsePin(text, path);
  } catch (error) {
    if (error instanceof PinError) return null;
    throw error;
  }
}

/** Makes sure that a commit changes what runs in one environment alone. Throws {@link CannotRelease} where not. */
export function requireNoStray(changed: readonly string[], environment: string): void {
  const stray = strayPath(changed, environment);
  if (stray === undefined) return;
  throw new CannotRelease(
    `${stray} would change as well, and so would what runs outside ${environment}: settings.ts or apps/ changed since it was rendered. Run npm run synth, look at the difference and commit it, then release.`,
  );
}
