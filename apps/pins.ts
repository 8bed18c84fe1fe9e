import { constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError } from 'zerodrop/errors';
import { readImage } from '../settings/image.ts';
import { isRecord, says } from '../settings/sentences.ts';

/** The image that an environment runs. */
export interface Pin {
  /** `name:tag@sha256:<64 hex>`: the tag for people, the digest for the cluster. */
  readonly image: string;
  /** The commit it was built from, 40 hex digits. */
  readonly source: string;
}

/** `ENVIRONMENT/SERVICE`: where the files of one service in one environment are, in manifests/ and in apps/images/. */
export type TargetPath = `${string}/${string}`;

/** The environment and the service of a target. */
export function partsOf(target: TargetPath): { readonly environment: string; readonly service: string } {
  const [environment = '', service = ''] = target.split('/');
  return { environment, service };
}

/** By target; one that had no release yet has none. */
export type Pins = ReadonlyMap<TargetPath, Pin>;

/** A pin file that can't be read as a pin. Told apart, because npm run synth takes it for the user's mistake, and a rollback goes past it. */
export class PinError extends OperationError {
  override readonly name = 'PinError';
}

/** Where a target's pin is kept, relative to the repository. Outside manifests/, which is emptied and which Argo CD reads. */
export function pinPath(target: TargetPath): string {
  return `apps/images/${target}.json`;
}

/** Where the pin was while there was one service: the history of an owner has it. */
export function formerPinPath(target: TargetPath): string {
  return `apps/images/${partsOf(target).environment}.json`;
}

/** The folder that a target's Application follows. */
export function manifestsPath(target: TargetPath): string {
  return `manifests/${target}`;
}

/** The folder that an environment's Application followed while there was one service. */
export function formerManifestsPath(target: TargetPath): string {
  return `manifests/${partsOf(target).environment}`;
}

/** The text of a pin file. */
export function formatPin(pin: Pin): string {
  return `${JSON.stringify({ image: pin.image, source: pin.source }, null, 2)}\n`;
}

/** What is wrong with a pin, a sentence each; nothing for a good one. */
function* pinProblems({ image, source, ...unknown }: Readonly<Record<string, unknown>>): Generator<string> {
  if (typeof image !== 'string') {
    yield `image ${says(image)}. Expected name:tag@sha256: and 64 hex digits.`;
  } else {
    const read = readImage(image);
    if (typeof read === 'string') yield `image is '${image}', ${read}`;
  }
  if (typeof source !== 'string' || !/^[0-9a-f]{40}$/.test(source)) {
    yield `source ${says(source)}. Expected the 40 hex digits of a commit.`;
  }
  for (const key of Object.keys(unknown)) yield `${key} is not part of a pin. Remove it.`;
}

/** Reads the text of a pin file; `path` is for the sentence of the {@link PinError} that a wrong one throws. */
export function parsePin(text: string, path: string): Pin {
  let pin: unknown;
  try {
    pin = JSON.parse(text);
  } catch (cause) {
    throw new PinError(`${path} is not JSON. Restore it from git, or release again.`, { cause });
  }
  if (!isRecord(pin)) {
    throw new PinError(`${path} is not an object with image and source. Restore it from git, or release again.`);
  }
  const problems = [...pinProblems(pin)];
  if (problems.length > 0) throw new PinError(problems.map((problem) => `${path}: ${problem}`).join('\n'));
  return { image: String(pin['image']), source: String(pin['source']) };
}

/** Reads the pins of these targets from a working copy. Throws a {@link PinError} for a malformed one. */
export async function readPins(directory: string, targets: readonly TargetPath[]): Promise<Pins> {
  const pins = new Map<TargetPath, Pin>();
  for (const target of targets) {
    const path = pinPath(target);
    // Git has a link as a file of another kind, and a release would take it for no pin.
    const flag = constants.O_RDONLY | constants.O_NOFOLLOW;
    const text = await readFile(join(directory, path), { encoding: 'utf8', flag }).catch((cause: unknown) => {
      const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
      if (code === 'ENOENT') return null;
      if (code === 'ELOOP') throw new PinError(`${path} is a symbolic link. Restore it from git.`, { cause });
      throw new PinError(`${path} can't be read (${String(code ?? cause)}). Restore it from git.`, { cause });
    });
    if (text !== null) pins.set(target, parsePin(text, path));
  }
  return pins;
}
