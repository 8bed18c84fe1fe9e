import type { Profile } from '../profile.ts';
import type { Flaw, ManifestFile } from './file.ts';

/** What decides whether a flaw of a file matters. */
interface Surroundings {
  readonly profile: Profile;
  /** An Application applies the folder. */
  readonly isClaimed: boolean;
  /** The same file on the other side. */
  readonly other: ManifestFile | null;
}

/** Flaws that leave nobody to say what the file holds. */
const hiding: ReadonlySet<Flaw['kind']> = new Set(['broken', 'no kind', 'no name', 'cut off', 'hidden']);

/**
 * True where the objects of a file are unknown. What is read in another way than it seems is known; but where that is new, it is
 * what is wrong, and not the objects.
 */
export function hidesObjects({ kind, says }: Flaw, before: ManifestFile | null): boolean {
  return hiding.has(kind) || (kind === 'misread' && !(before?.flaws ?? []).some((flaw) => flaw.says === says));
}

/** The flaws of a file that are worth a finding. A repository holds much YAML that is no manifest. */
export function flawsThatCount(file: ManifestFile, { profile, isClaimed, other }: Surroundings): readonly Flaw[] {
  const isManifest =
    profile === 'lossless' || file.objects.length > 0 || (other?.objects.length ?? 0) > 0 || readsLike(file, isClaimed);
  return file.flaws.filter((flaw) => {
    switch (flaw.kind) {
      case 'broken':
      case 'misread':
      case 'no kind':
      case 'no name':
      case 'cut off':
        return isManifest;
      case 'another tool':
      case 'generated name':
        return profile === 'lossless' || isClaimed;
      case 'hidden':
        return profile === 'lossless' || isClaimed || (other?.objects.length ?? 0) > 0;
      case 'list':
        return profile === 'lossless';
    }
  });
}

/** A file of JSON, or one that is no text, has no words to tell it by; Argo CD can't read it. */
function readsLike({ path, content }: ManifestFile, isClaimed: boolean): boolean {
  if (typeof content !== 'string' || path.endsWith('.json')) return isClaimed;
  return ['apiVersion', 'kind', 'metadata'].every((word) => new RegExp(`${word}["']?:`).test(content));
}
