import type { Pin } from '../../../apps/pins.ts';
import { parseImageReference } from '../../image-reference.ts';
import type { Answer } from './ask.ts';

/** What is wrong with an answer; null for a right one. A service that tells no version is believed when it answers 200. */
export function wrongWith({ status, version, revision }: Answer, pin: Pin | null): string | null {
  if (status !== 200) return `HTTP ${status}`;
  if (pin === null || (version === null && revision === null)) return null;
  const { tag } = parseImageReference(pin.image);
  if (revision === pin.source || version === tag) return null;
  return `version ${version ?? 'unknown'} of ${revision?.slice(0, 12) ?? 'an unknown commit'} instead of ${tag}`;
}
