import { readManifests } from 'zerodrop/guard';
import { manifestsPath, partsOf, type Pin, parsePin, pinPath, type TargetPath } from '../../apps/pins.ts';
import { readCommittedAt } from '../committed.ts';
import { field, listField, numberField } from '../field.ts';
import { longestMs } from './bounds.ts';
import { treeAt } from './history.ts';

/** What an environment is to run at a commit, as its committed manifests say. */
export interface Expected {
  /** 40 hex digits. */
  readonly commit: string;
  /** The pinned image, as it stands in the Deployment. */
  readonly image: string;
  /** Where the image comes from; null where nothing is pinned. */
  readonly pin: Pin | null;
  /** Git's name for the environment's folder: two commits with the same one run the same. */
  readonly manifests: string | null;
  /** How long the rollout is waited for while it gets no further, in milliseconds. */
  readonly patienceMs: number;
}

/** Reads what an environment is to run at a commit; null where it has no Deployment there, before its first release. */
export async function readExpected(directory: string, target: TargetPath, commit: string): Promise<Expected | null> {
  const folder = manifestsPath(target);
  const { service } = partsOf(target);
  const files = await readCommittedAt(directory, commit, folder, pinPath(target));
  const deployment = readManifests(files).find(
    ({ apiVersion, kind, name }) => apiVersion === 'apps/v1' && kind === 'Deployment' && name === service,
  );
  const [container] = listField(deployment?.document, 'spec', 'template', 'spec', 'containers');
  const image = field(container, 'image');
  if (typeof image !== 'string') return null;
  const pin = files.get(pinPath(target));
  return {
    commit,
    image,
    pin: typeof pin === 'string' ? parsePin(pin, pinPath(target)) : null,
    manifests: await treeAt(directory, commit, folder),
    patienceMs: patienceMs(deployment?.document),
  };
}

// For the sync before it and the last old pods after it.
const besidesMs = 60_000;

/**
 * The Deployment's own controller gives up when no pod becomes ready within the progress deadline, and starts that anew with each pod
 * that does. So do we, however many pods there are: their number is an autoscaler's to choose.
 */
function patienceMs(deployment: unknown): number {
  const deadline = numberField(deployment, 600, 'spec', 'progressDeadlineSeconds');
  const grace = numberField(deployment, 30, 'spec', 'template', 'spec', 'terminationGracePeriodSeconds');
  return Math.min(longestMs, (deadline + grace) * 1_000 + besidesMs);
}
