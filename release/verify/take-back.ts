import { OperationError } from 'zerodrop/errors';
import type { Asked } from '../asked.ts';
import { tellApart } from '../names.ts';
import type { Surroundings } from '../publish/surroundings.ts';
import { rollBack } from '../rollback/rollback.ts';

/** What became of a release that failed. */
export type Taken =
  | { readonly kind: 'left'; readonly because: string }
  | { readonly kind: 'taken-back'; readonly commit: string; readonly from: string; readonly to: string };

/**
 * Rolls a release back by a revert on the remote's main. Returns what prevents that, and does not throw it, because the failure
 * comes first: only an interruption is thrown.
 */
export async function takeReleaseBack(asked: Asked, release: string, surroundings: Surroundings): Promise<Taken> {
  try {
    const ended = await rollBack({ ...asked, release, allowance: null }, surroundings);
    if (ended.kind === 'gone') return left('It was rolled back already.');
    if (ended.kind === 'refused') return left(ended.refusals.map(({ sentence }) => sentence).join('\n'));
    const [from, to] = tellApart(ended.release.pin, ended.target.pin);
    return { kind: 'taken-back', commit: ended.commit, from, to };
  } catch (error) {
    if (!(error instanceof OperationError) || surroundings.signal.aborted) throw error;
    return left(error.message);
  }
}

function left(because: string): Taken {
  return { kind: 'left', because };
}
