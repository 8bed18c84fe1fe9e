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

/** True where a flaw leaves nobody to say what the file holds. */
export function hidesObjects({ kind }: Flaw): boolean {
  return kind !== 'another tool' && kind !== 'list';
}

/** The flaws of a file that are worth a finding. A repository holds much YAML that is no manifest. */
export function flawsThatCount(file: ManifestFile, { profile, isClaimed, other }: Surroundings): readonly Flaw[] {
  const isManifest =
    profile === 'lossless' ||
    isClaimed ||
    file.objects.length > 0 ||
    (other?.objects.length ?? 0) > 0 ||
    readsLike(file);
  return file.flaws.filter((flaw) => {
    switch (flaw.kind) {
      case 'broken':
      case 'no object':
        return isManifest;
      case 'another tool':
        return profile === 'lossless' || isClaimed;
      case 'hidden':
        return profile === 'lossless' || isClaimed || (other?.objects.length ?? 0) > 0;
      case 'list':
        return profile === 'lossless';
    }
  });
}

/** Argo CD takes a file with these words for a manifest, and ignores another one that it can't read (`getObjsFromYAMLOrJSON`). */
function readsLike({ content }: ManifestFile): boolean {
  return typeof content === 'string' && ['apiVersion:', 'kind:', 'metadata:'].every((word) => content.includes(word));
}
