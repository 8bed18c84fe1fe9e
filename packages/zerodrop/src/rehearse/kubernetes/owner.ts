import { randomInt } from 'node:crypto';
import { hostname, userInfo } from 'node:os';

/** Who owns a play's objects, so that a later run knows what was left behind: `user@machine`, and the process there. */
export interface Owner {
  readonly place: string;
  readonly processId: number;
}

/** The part of an object that says whose it is. */
export interface Owned {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
}

/** Marks what a rehearsal has made: it is no environment, and nobody is told of it. */
export const rehearsalLabel = 'zerodrop/rehearsal';

const ownerAnnotation = 'zerodrop/rehearsed-by';

/** This process as an owner. */
export function thisProcess(): Owner {
  return { place: `${userName()}@${hostname()}`, processId: process.pid };
}

/** Metadata that says whose the object is. */
export function marked<T extends object>(metadata: T & Marks, { place, processId }: Owner): T & Marks {
  return {
    ...metadata,
    labels: { ...metadata.labels, [rehearsalLabel]: 'true' },
    annotations: { ...metadata.annotations, [ownerAnnotation]: `${place}/${processId}` },
  };
}

/** The names among these whose process was at `place` and is gone. Those of other machines are theirs to judge. */
export function staleNames(
  objects: readonly Owned[],
  place: string,
  isAlive: (processId: number) => boolean,
): string[] {
  return objects.flatMap(({ metadata }) => {
    const [owner, processId] = metadata.annotations?.[ownerAnnotation]?.split('/') ?? [];
    return owner === place && /^\d+$/.test(processId ?? '') && !isAlive(Number(processId)) ? [metadata.name] : [];
  });
}

interface Marks {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user need not have a name.
    return String(process.getuid?.() ?? 'unknown');
  }
}

/** The names of one play's own objects, which no other play and no real environment has. */
export interface Names {
  /** Of the namespace, the Application, its AppProject and the branch in an existing repository. */
  readonly own: string;
  /** Tells this play's image tags from those of others. */
  readonly suffix: string;
}

/** Named after the service, so that whoever meets one in a cluster knows what it is. */
export function playNames(service: string, suffix: string): Names {
  return { own: `${service}-rehearsal-${suffix}`, suffix };
}

/** Six letters and digits. */
export function randomSuffix(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length: 6 }, () => letters[randomInt(letters.length)] ?? 'a').join('');
}
