import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { says } from '../settings/value.ts';

/** The image that an environment runs. */
export interface Pin {
  /** `name:tag@sha256:<64 hex>`: the tag for people, the digest for the cluster. */
  readonly image: string;
  /** The commit it was built from, 40 hex digits. */
  readonly source: string;
}

/** By environment; one that had no release yet has none. */
export type Pins = ReadonlyMap<string, Pin>;

/** A pin file that can't be read as a pin. */
export class PinError extends Error {
  override readonly name = 'PinError';
}

/** Where an environment's pin is kept, relative to the repository. Outside manifests/, which is emptied and which Argo CD reads. */
export function pinPath(environment: string): string {
  return `apps/images/${environment}.json`;
}

/** The text of a pin file. */
export function formatPin(pin: Pin): string {
  return `${JSON.stringify({ image: pin.image, source: pin.source }, null, 2)}\n`;
}

// The image grammar of the distribution project, with tag and digest both required.
const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const imagePattern = new RegExp(
  `^(?:[a-zA-Z0-9.-]+(?::[0-9]+)?/)?${component}(?:/${component})*:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}@sha256:[0-9a-f]{64}$`,
);

/** What is wrong with a pin, a sentence each; nothing for a good one. */
function pinProblems(pin: { readonly image?: unknown; readonly source?: unknown }): string[] {
  const problems: string[] = [];
  if (typeof pin.image !== 'string' || !imagePattern.test(pin.image)) {
    problems.push(`image ${says(pin.image)}, expected name:tag@sha256: and 64 hex digits.`);
  }
  if (typeof pin.source !== 'string' || !/^[0-9a-f]{40}$/.test(pin.source)) {
    problems.push(`source ${says(pin.source)}, expected the 40 hex digits of a commit.`);
  }
  return problems;
}

/** Reads the text of a pin file; `path` is for the sentence of the {@link PinError} that a wrong one throws. */
export function parsePin(text: string, path: string): Pin {
  let pin: unknown;
  try {
    pin = JSON.parse(text);
  } catch (cause) {
    throw new PinError(`${path} is not JSON. Restore it from git, or release again.`, { cause });
  }
  if (typeof pin !== 'object' || pin === null) {
    throw new PinError(`${path} holds no object with image and source. Restore it from git, or release again.`);
  }
  const { image, source, ...unknown } = pin as Readonly<Record<string, unknown>>;
  const problems = pinProblems({ image, source });
  for (const key of Object.keys(unknown)) problems.push(`${key} is not part of a pin.`);
  if (problems.length > 0) {
    throw new PinError(problems.map((problem) => `${path}: ${problem}`).join('\n'));
  }
  return { image: String(image), source: String(source) };
}

/** Reads the pins of these environments from a working copy. Throws a {@link PinError} for a malformed one. */
export async function readPins(directory: string, environments: readonly string[]): Promise<Pins> {
  const pins = new Map<string, Pin>();
  for (const environment of environments) {
    const path = pinPath(environment);
    const text = await readFile(join(directory, path), 'utf8').catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return null;
      throw new PinError(`${path} can't be read (${cause.code ?? cause.message}).`, { cause });
    });
    if (text !== null) pins.set(environment, parsePin(text, path));
  }
  return pins;
}
