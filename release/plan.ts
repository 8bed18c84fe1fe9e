import { OperationError, UsageError } from 'zerodrop/errors';
import { type Content, type Files, sameContent } from 'zerodrop/files';
import { flawsOf } from 'zerodrop/guard';
import { formatPin, parsePin, type Pin, PinError, pinPath } from '../apps/pins.ts';
import { applicationPath, type Project, projectPath, type Target } from '../apps/project.ts';
import { render } from '../apps/render.ts';
import type { ImageReference } from '../settings/image.ts';
import { allow, type Allowance, type Refusal, refusalsOf } from './guard.ts';
import { formatImageReference } from './image.ts';
import { type Asked, changedPaths, isOwn, requireTarget } from './target.ts';

/** One image for one target. */
export interface ReleaseRequest extends Asked {
  readonly image: ImageReference;
  /** The commit that the image was built from, 40 hex digits. */
  readonly source: string;
  /** The rules of the guard that this release may break; null for none. */
  readonly allowance: Allowance | null;
}

/** What a release comes to. */
export type Plan =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }
  | {
      readonly kind: 'commit';
      readonly target: Target;
      /** What the target runs, by path. */
      readonly rendered: ReadonlyMap<string, string>;
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
 * @throws UsageError for what the settings do not know
 * @throws OperationError where Argo CD's objects are not what the settings render
 */
export function planRelease(request: ReleaseRequest, project: Project, committed: Files): Plan {
  const { image, source, allowance } = request;
  const target = requireKnown(request, project);
  const own = pinPath(target.path);
  const pin: Pin = { image: formatImageReference(image), source };
  const pinText = formatPin(pin);
  const all = render(project, new Map([[target.path, pin]]));
  const rendered = new Map([...all].filter(([path]) => isOwn(path, target.path)));
  const others = [...committed].filter(([path]) => !isOwn(path, target.path));
  const after: Files = new Map<string, Content>([...others, ...rendered, [own, pinText]]);

  requireRendered(applicationPath(target), all, committed);
  requireRendered(projectPath(target), all, committed);
  const changed = changedPaths(committed, after);
  if (changed.length === 0) return { kind: 'unchanged' };
  const { refusals, allowed, used } = allow(refusalsOf(committed, after), allowance);
  if (refusals.length > 0) return { kind: 'refused', refusals };
  return { kind: 'commit', target, rendered, pinText, changed, replaced: replacedPin(committed, own), allowed, used };
}

/** The target that is asked for. Throws {@link UsageError} where the settings do not know it, or another image repository for it. */
export function requireKnown(request: Asked & Pick<ReleaseRequest, 'image'>, project: Project): Target {
  const target = requireTarget(request, project);
  const { name, image } = target.service;
  if (request.image.repository !== image) {
    throw new UsageError(
      `--image is of the repository ${request.image.repository}, but the image of ${name} in settings.ts is ${image}. Push the image there, or change the setting first.`,
    );
  }
  return target;
}

/** A pin that can't be read is no reason to stop: a release is what mends it. */
function replacedPin(committed: Files, path: string): Pin | null {
  const text = committed.get(path);
  if (typeof text !== 'string') return null;
  try {
    return parsePin(text, path);
  } catch (error) {
    if (error instanceof PinError) return null;
    throw error;
  }
}

/**
 * Makes sure that one of Argo CD's objects is what it is rendered to: else a release goes with settings that the cluster does not have.
 * One that can't be read is no hindrance: the cluster keeps what it has. Throws {@link OperationError} where not.
 */
function requireRendered(path: string, rendered: Files, committed: Files): void {
  if (sameContent(rendered.get(path), committed.get(path)) || !isReadable(path, committed)) return;
  throw notRendered(path);
}

/** Whether Argo CD can read a file, or there is none. */
export function isReadable(path: string, files: Files): boolean {
  return !flawsOf(files).has(path);
}

/** What to do about an object of Argo CD's that is not what it is rendered to. */
export function notRendered(path: string): OperationError {
  return new OperationError(
    `${path} is not what settings.ts and apps/ render, so the release would not run as they say. Run npm run synth, look at the difference and commit it, then release.`,
  );
}
