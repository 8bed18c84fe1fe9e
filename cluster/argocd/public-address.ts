import type { Google } from '../../settings/google/resolve.ts';

/** Where people find Argo CD: at its domain, or at their own end of a port-forward. */
export function argoCdUrl(google: Google): string {
  return `https://${google.argocd.domain ?? 'localhost:8080'}`;
}
