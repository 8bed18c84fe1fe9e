/** A repository at GitHub and a token that may act on it. */
export interface GitHub {
  /** `https://api.github.com`, or that of an own server. */
  readonly api: string;
  readonly owner: string;
  readonly name: string;
  readonly token: string;
}

/** There is no repository or no token to act with: ends a command with exit 2 and this sentence. */
export class NoGitHub extends Error {
  override readonly name = 'NoGitHub';
}

/**
 * The repository of the workflow that runs, or else of the settings. Throws {@link NoGitHub} where it is not at GitHub, or there is no
 * token.
 */
export function gitHubFrom(environment: NodeJS.ProcessEnv, repository: string): GitHub {
  const { GITHUB_API_URL: api = 'https://api.github.com', GITHUB_REPOSITORY: place, GH_TOKEN: token } = environment;
  const { owner, name } = /(?<owner>[^/:]+)\/(?<name>[^/]+?)(?:\.git)?\/?$/.exec(place ?? repository)?.groups ?? {};
  if (owner === undefined || name === undefined) {
    throw new NoGitHub(`--pull-request needs a repository at GitHub, and ${place ?? repository} is none.`);
  }
  if (token === undefined || token === '') {
    throw new NoGitHub(
      '--pull-request needs a token in GH_TOKEN, which may write contents and pull requests. By hand: GH_TOKEN=$(gh auth token) npm run ...',
    );
  }
  return { api, owner, name, token };
}
