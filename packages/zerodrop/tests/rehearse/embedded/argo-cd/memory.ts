import { applyMergePatch, type LiveObjects } from '../../../../src/rehearse/embedded/argo-cd/compare.ts';
import { identity, isManifest, type Manifest } from '../../../../src/rehearse/manifests/object.ts';

/** A cluster that only keeps objects. It rejects those of kind Rejected, and notes in `did` what was asked of it. */
export interface Memory extends LiveObjects {
  readonly live: Map<string, Manifest>;
  readonly did: string[];
}

export function makeMemory(...manifests: readonly Manifest[]): Memory {
  const live = new Map(manifests.map((one) => [identity(one), one]));
  const did: string[] = [];
  return {
    live,
    did,
    read: async (one) => live.get(identity(one)) ?? null,
    async create(one) {
      if (one.kind === 'Rejected') throw new Error(`${one.metadata.name} is invalid`);
      did.push(`create ${one.kind}`);
      live.set(identity(one), one);
    },
    async patch(one, patch) {
      did.push(`patch ${one.kind}`);
      const changed = applyMergePatch(live.get(identity(one)) ?? {}, patch);
      if (isManifest(changed)) live.set(identity(one), changed);
    },
    async remove(one) {
      did.push(`remove ${one.kind}`);
      live.delete(identity(one));
    },
  };
}
