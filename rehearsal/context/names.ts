import { randomInt } from 'node:crypto';

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
