import { OperationError, UsageError } from 'zerodrop/errors';
import { type Fetching, lineage, treeAt, type Verification, type Verified, verifyOn } from 'zerodrop/verify';
import { argoNamespace } from '../../apps/argo/following.ts';
import { manifestsPath } from '../../apps/pins.ts';
import { mainBranch } from '../publish/remote.ts';
import type { Surroundings } from '../publish/surroundings.ts';
import { readTarget, type VerifiedTarget } from './expected.ts';
import { goBack, type WentBack } from './go-back.ts';

/** Main of the remote that Argo CD follows. */
export function mainOf({ directory, remote, callMs, signal }: Surroundings): Fetching {
  return { directory, remote, branch: mainBranch, callMs, signal };
}

/** How the rollout of a target is verified, as the package wants to know it. */
export function verificationOf(verified: VerifiedTarget): Verification {
  const { target, expected, withinMs, surroundings, tell } = verified;
  const { directory, clock, signal } = surroundings;
  const { url } = target.workload;
  const name = target.service.name;
  return {
    followed: {
      namespace: target.namespace,
      deployment: { name, selector: `app.kubernetes.io/name=${name}`, service: null },
      application: { name: target.name, namespace: argoNamespace },
    },
    expected,
    history: {
      lineage: async (awaited, found) => lineage(mainOf(surroundings), awaited, found),
      manifestsAt: async (commit) => treeAt(directory, commit, manifestsPath(target.path)),
      expectedAt: async (commit) => readTarget(directory, target.path, commit),
    },
    endpoint: url === undefined ? null : { url, path: '/version' },
    withinMs,
    permissions: 'docs/how-to/verify-a-rollout.md',
    pause: async (time, until) => clock.pause(time, until),
    signal,
    tell,
  };
}

/**
 * Verifies a target on the cluster of a kubeconfig's context, null for the current one, and rolls a release back that fails where the
 * settings want that. Throws OperationError where the cluster can't be asked, or may not be.
 */
export async function verifyTarget(context: string | null, verified: VerifiedTarget): Promise<Verified<WentBack>> {
  try {
    return await verifyOn(context, verificationOf(verified), async (failed, again) => goBack(verified, failed, again));
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    throw new OperationError(cause.message, { cause });
  }
}
