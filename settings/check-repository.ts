import { says } from './value.ts';

/** `git@host:path` is the only form without a scheme; a rehearsal reads `http://` and `file://`. */
export function* repositoryProblems(repository: unknown): Generator<string> {
  const expected = 'expected https://, ssh:// or git@host:path (http:// or file:// for a rehearsal)';
  if (typeof repository !== 'string') {
    yield `repository ${says(repository)}, ${expected}.`;
    return;
  }
  if (/^git@[A-Za-z0-9.-]+:[^\s/]\S*$/.test(repository)) return;
  const url = URL.canParse(repository) ? new URL(repository) : null;
  const schemes = ['https:', 'ssh:', 'http:', 'file:'];
  if (url === null || !schemes.includes(url.protocol) || url.pathname.length < 2 || /\s/.test(repository)) {
    yield `repository ${says(repository)}, ${expected}.`;
  } else if (url.password !== '' || (url.username !== '' && url.protocol !== 'ssh:')) {
    // Not quoted: it would print the secret into a log.
    yield 'repository holds a user or a password, which would be committed in argocd/. Give it to Argo CD as a repository secret instead.';
  }
}
