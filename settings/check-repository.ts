import { says } from './value.ts';

/** `git@host:path` is the only form without a scheme; a rehearsal reads `http://` and `file://`. */
export function* repositoryProblems(repository: unknown): Generator<string> {
  const expected = 'expected https://, ssh:// or git@host:path (http:// or file:// for a rehearsal)';
  if (typeof repository !== 'string') {
    yield `repository ${says(repository)}, ${expected}.`;
    return;
  }
  if (/^git@[A-Za-z0-9.-]+:[^\s/]\S*$/.test(repository)) {
    yield* patternProblems(repository);
    return;
  }
  const url = URL.canParse(repository) ? new URL(repository) : null;
  // In lower case, as each program that reads it compares it.
  if (url === null || !/^(?:https?|ssh|file):/.test(repository) || url.pathname.length < 2 || /\s/.test(repository)) {
    yield `repository ${says(repository)}, ${expected}.`;
  } else if (url.password !== '' || (url.username !== '' && url.protocol !== 'ssh:')) {
    // Not quoted: it would print the secret into a log.
    yield 'repository holds a user or a password, which would be committed in argocd/. Give it to Argo CD as a repository secret instead.';
  } else {
    yield* patternProblems(repository);
  }
}

function* patternProblems(repository: string): Generator<string> {
  if (/[*?[\]{}!]/.test(repository)) {
    yield `repository is '${repository}', but Argo CD reads '*', '?', '!' and brackets as a pattern for many repositories. Write an address without them.`;
  }
}
