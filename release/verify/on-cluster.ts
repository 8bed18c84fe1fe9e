import { Interrupted, OperationError, UsageError } from 'zerodrop/errors';
import { ApiError, connect } from 'zerodrop/rollout';
import type { Verification } from './verification.ts';
import { type Verified, verify } from './verify.ts';

/**
 * Verifies on the cluster of a kubeconfig's context, null for the current one. Throws OperationError where the cluster can't be asked, or
 * may not be.
 */
export async function verifyOn(context: string | null, verification: Verification): Promise<Verified> {
  const { signal } = verification.surroundings;
  try {
    return await verify(await connect(context), verification);
  } catch (cause) {
    if (cause instanceof Interrupted) throw cause;
    if (signal.aborted)
      throw new Interrupted('Interrupted while waiting for the rollout, which continues in the cluster.', { cause });
    if (!(cause instanceof ApiError) && !(cause instanceof UsageError)) throw cause;
    const remedy =
      cause instanceof ApiError && cause.status === 403
        ? ' docs/how-to/verify-a-rollout.md lists the permissions that this identity needs.'
        : '';
    throw new OperationError(`${cause.message}${remedy}`, { cause });
  }
}
