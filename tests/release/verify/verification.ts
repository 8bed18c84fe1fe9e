import type { WebService } from '../../../apps/workload/schema.ts';
import { requireTarget } from '../../../release/asked.ts';
import type { Surroundings } from '../../../release/publish/surroundings.ts';
import type { Verification } from '../../../release/verify/verification.ts';
import { projectWith } from '../../settings/sample.ts';
import { surroundings as surroundingsOf } from '../remote.ts';
import { expecting, hash } from './sample.ts';

/** The verification of a named release to staging in a clone. */
export function verification(
  directory: string,
  { autoRollback = false, ...service }: Readonly<WebService> & { readonly autoRollback?: boolean } = {},
  surroundings: Partial<Surroundings> = {},
): Verification {
  return {
    environment: 'staging',
    target: {
      ...requireTarget({ environment: 'staging' }, projectWith(service)),
      environment: { name: 'staging', autoRollback },
    },
    followed: { namespace: 'web-staging', service: 'web', application: 'web-staging', argoNamespace: 'argocd' },
    expected: expecting(hash('a')),
    isNamed: true,
    withinMs: null,
    surroundings: surroundingsOf({ directory }, surroundings),
    tell: () => undefined,
  };
}
