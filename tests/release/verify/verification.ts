import type { Surroundings } from '../../../release/publish/surroundings.ts';
import type { Verification } from '../../../release/verify/verification.ts';
import type { EnvironmentSettings } from '../../../settings/settings.ts';
import { environment } from '../../settings/sample.ts';
import { surroundings as surroundingsOf } from '../remote.ts';
import { expecting, hash } from './sample.ts';

/** The verification of a named release to staging in a clone. */
export function verification(
  directory: string,
  settings: Partial<EnvironmentSettings> = {},
  surroundings: Partial<Surroundings> = {},
): Verification {
  return {
    environment: 'staging',
    settings: { ...environment, namespace: 'web-staging', ...settings },
    followed: { namespace: 'web-staging', service: 'web', application: 'web-staging', argoNamespace: 'argocd' },
    expected: expecting(hash('a')),
    isNamed: true,
    withinMs: null,
    surroundings: surroundingsOf({ directory }, surroundings),
    tell: () => undefined,
  };
}
