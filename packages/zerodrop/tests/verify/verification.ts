import { setTimeout as sleep } from 'node:timers/promises';
import type { Verification } from '../../src/verify/verify.ts';
import { expecting, hash } from './sample.ts';

/** The verification of commit a on a cluster that runs Argo CD; later letters are later commits, which bring the same. */
export function verification(other: Partial<Verification> = {}): Verification {
  return {
    followed: {
      namespace: 'web-staging',
      deployment: { name: 'web', selector: 'app.kubernetes.io/name=web', service: null },
      application: { name: 'web-staging', namespace: 'argocd' },
    },
    expected: expecting(hash('a')),
    history: {
      lineage: async (awaited, found) => (found > awaited ? 'later' : 'earlier'),
      manifestsAt: async () => 'tree of 1.2.4',
      expectedAt: async (commit) => expecting(commit),
    },
    endpoint: null,
    withinMs: null,
    permissions: 'docs/verify.md',
    pause: async (time, until) => sleep(time, undefined, { signal: until }).catch(() => undefined),
    signal: new AbortController().signal,
    tell: () => undefined,
    ...other,
  };
}
