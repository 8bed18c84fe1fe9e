import type { Ended } from 'zerodrop/command';
import { UsageError } from 'zerodrop/errors';
import type { Pin } from '../apps/pins.ts';
import { type ImageReference, readImage } from '../settings/image.ts';
import { type Freeze, freezeWords } from '../settings/settings.ts';
import type { Refusal } from './guard.ts';
import type { Decision } from './history/decision.ts';

/** The words of the guard for what it refuses. */
export function refusedReport(refusals: readonly Refusal[]): Ended {
  const sentences = [...refusals.map(({ sentence }) => sentence), 'Refused: nothing is written.'];
  return { stdout: '', stderr: sentences.map((sentence) => `${sentence}\n`).join(''), exitCode: 1 };
}

/** A release or promotion waits because of a freeze: an ending of its own. */
export const frozenExitCode = 5;

/** What waits for the end of a freeze, and what does not. */
export function frozenReport(environment: string, freeze: Freeze): Ended {
  const stderr = `frozen: ${freezeWords(environment, freeze)} Nothing is changed: run this again then. To release before, merge a change of settings.ts that removes the freeze. Rollbacks go on as ever.\n`;
  return { stdout: '', stderr, exitCode: frozenExitCode };
}

/** Why a release does not go on, in a sentence. */
export function decisionWords(environment: string, decision: Exclude<Decision, { readonly kind: 'go' }>): string {
  if (decision.kind === 'superseded') {
    return `superseded: ${environment} has ${named(decision.pinned)}, which is newer. Nothing is changed.\n`;
  }
  if (decision.kind === 'built-again') {
    const [wanted, pinned] = tellApart(decision.wanted, decision.pinned, []);
    return `superseded: the same source was built again since. ${environment} has ${pinned}, which was released after ${wanted}. Nothing is changed: roll back to return to the former build, or release it with --again.\n`;
  }
  const { former, pinned } = decision;
  const [from, to] = pinned === null ? [named(former), 'nothing'] : tellApart(former, pinned, [named]);
  return `rolled back: ${environment} was rolled back from ${from} to ${to}, and this release is not newer. Nothing is changed: release a newer commit, or this one with --again.\n`;
}

/** What became of a pull request that there is no reason for any more. */
export function withdrawnWords(url: string | null): string {
  return url === null ? '' : `Closed ${url}\n`;
}

/** Takes a pinned reference apart. Throws {@link UsageError} with a sentence for anything that is not one. */
export function parseImageReference(text: string): ImageReference {
  const image = readImage(text);
  if (typeof image === 'string') throw new UsageError(`--image is ${JSON.stringify(text)}, ${image}`);
  return image;
}

/** The reference as it is pinned. */
export function formatImageReference({ repository, tag, digest }: ImageReference): string {
  return `${repository}:${tag}@${digest}`;
}

/** A release by the tag of its image. */
export function tagOf({ image }: Pin): string {
  return parseImageReference(image).tag;
}

/** A release by its tag and its source. */
export function named(pin: Pin): string {
  return `${tagOf(pin)} (${pin.source.slice(0, 7)})`;
}

/** The shortest names by which two releases can be told apart: a source that is built again keeps its tag. */
export function tellApart(
  one: Pin,
  other: Pin,
  forms: readonly ((pin: Pin) => string)[] = [tagOf, named],
): readonly [one: string, other: string] {
  const form = forms.find((name) => name(one) !== name(other)) ?? withDigest;
  return [form(one), form(other)];
}

function withDigest(pin: Pin): string {
  const { tag, digest } = parseImageReference(pin.image);
  return `${tag} (${pin.source.slice(0, 7)}, ${digest.slice(0, 'sha256:'.length + 7)})`;
}
