/**
 * What findings are measured by: `lossless` is a repository whose folders Argo CD applies as they are, with images pinned and
 * syncs without hooks; `any` is whatever applies its manifests, and knows only what costs requests or data everywhere.
 */
export type Profile = 'lossless' | 'any';

export const profiles: readonly Profile[] = ['lossless', 'any'];

/** What a finding means: the change is refused, or its reviewers are warned. */
export type Severity = 'refuse' | 'warn';

export function isProfile(name: string): name is Profile {
  return profiles.some((profile) => profile === name);
}
