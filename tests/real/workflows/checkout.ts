import { execFileSync } from 'node:child_process';
import { environment, input } from './runner.ts';

/** Checks out what the event is about, or `ref`, with the history that `fetch-depth` asks for, as actions/checkout does. */
export function checkout(): void {
  const url = `${environment('GITHUB_SERVER_URL')}/${environment('GITHUB_REPOSITORY')}`;
  const credentials = Buffer.from(`x-access-token:${input('token')}`).toString('base64');
  const authorized = {
    ...process.env,
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${environment('GITHUB_SERVER_URL')}/.extraheader`,
    GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${credentials}`,
  };
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { encoding: 'utf8', env: authorized, stdio: ['ignore', 'pipe', 'inherit'] }).trim();
  git('init', '--quiet', '--initial-branch=main');
  git('remote', 'add', 'origin', url);
  const wanted = whatIsWanted();
  const depth = input('fetch-depth') === '' ? 1 : Number(input('fetch-depth'));
  const fetch = (specifications: readonly string[], deep: number): string =>
    git('fetch', '--quiet', '--no-tags', ...(deep > 0 ? [`--depth=${deep}`] : []), 'origin', ...specifications);
  if (depth === 0) {
    fetch(['+refs/heads/*:refs/remotes/origin/*'], 0);
    // The ref may have moved since the event: fetched once more as it was then (actions/checkout, "fetch again").
    if (wanted.commit !== null) fetch([`+${wanted.commit}:${wanted.tracking}`], 0);
  } else fetch([`+${wanted.commit ?? wanted.ref}:${wanted.tracking}`], depth);
  git('checkout', '--quiet', '--force', ...(wanted.branch === null ? [] : ['-B', wanted.branch]), wanted.tracking);
  if (input('persist-credentials') !== 'false')
    git('config', authorized.GIT_CONFIG_KEY_0, authorized.GIT_CONFIG_VALUE_0);
}

interface Wanted {
  readonly ref: string;
  readonly commit: string | null;
  /** Where the fetched commit is kept. */
  readonly tracking: string;
  /** The branch that is made of it; none for what is no branch. */
  readonly branch: string | null;
}

function whatIsWanted(): Wanted {
  const named = input('ref');
  if (/^[0-9a-f]{40}$/.test(named))
    return { ref: named, commit: named, tracking: 'refs/remotes/origin/wanted', branch: null };
  const ref = named === '' ? environment('GITHUB_REF') : `refs/heads/${named.replace('refs/heads/', '')}`;
  const commit = named === '' ? environment('GITHUB_SHA') : null;
  const branch = ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null;
  const tracking = branch === null ? ref.replace('refs/', 'refs/remotes/') : `refs/remotes/origin/${branch}`;
  return { ref, commit, tracking, branch };
}
