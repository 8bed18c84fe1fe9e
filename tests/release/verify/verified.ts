import { expecting, hash } from 'zerodrop/tests/verify/sample.ts';
import type { WebService } from '../../../apps/workload/schema.ts';
import type { Surroundings } from '../../../release/publish/race.ts';
import { requireTarget } from '../../../release/publish/render.ts';
import type { VerifiedTarget } from '../../../release/verify/go-back.ts';
import { projectWith } from '../../settings/sample.ts';
import { surroundings as surroundingsOf } from '../remote.ts';

/** The verification of a named release to staging in a clone. */
export function verifiedTarget(
  directory: string,
  { autoRollback = false, ...service }: Readonly<WebService> & { readonly autoRollback?: boolean } = {},
  surroundings: Partial<Surroundings> = {},
): VerifiedTarget {
  return {
    environment: 'staging',
    target: {
      ...requireTarget({ environment: 'staging' }, projectWith(service)),
      environment: { name: 'staging', autoRollback },
    },
    expected: expecting(hash('a')),
    isNamed: true,
    withinMs: null,
    receiptFile: null,
    surroundings: surroundingsOf({ directory }, surroundings),
    tell: () => undefined,
  };
}
