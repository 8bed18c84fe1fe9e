import type { Figures } from '../schema.ts';

const tones = 4;

/** Which version has which tone: the class name of a version, by the order in which versions appear. */
export type Tones = (version: string) => string;

/** The tones of a play. Its first version has the first one in every play, so that two pictures can be compared. */
export function tonesOf({ timeline }: Figures): Tones {
  const versions = versionsOf(timeline);
  return (version) => `tone-${Math.max(0, versions.indexOf(version)) % tones}`;
}

/** All versions that a play knows, in the order in which they appear. */
export function versionsOf(timeline: Figures['timeline']): readonly string[] {
  const named = timeline.flatMap((entry) => {
    if (entry.kind === 'mark') return [entry.version];
    return entry.kind === 'requests' ? Object.keys(entry.answers) : [];
  });
  return [...new Set(named)];
}
