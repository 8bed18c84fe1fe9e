import type { RehearsalOptions } from '../options.ts';

/** The two versions of a play, as their images answer: the one that is first and comes back, and the one in between. */
export function playedVersions({ context }: RehearsalOptions): readonly [string, string] {
  if (context === null || !('given' in context.images)) return ['v1', 'v2'];
  const [first, second] = context.images.given;
  return [first.version, second.version];
}
