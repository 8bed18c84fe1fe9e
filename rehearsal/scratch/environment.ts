import { isolatedEnvironment } from '../../git/environment.ts';

const identity = { NAME: 'zerodrop rehearsal', EMAIL: 'rehearsal@zerodrop.invalid' };

/** The environment for git and the release in a scratch clone: nothing of the user's configuration, and an own identity. */
export function scratchEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...isolatedEnvironment(environment),
    GIT_AUTHOR_NAME: identity.NAME,
    GIT_AUTHOR_EMAIL: identity.EMAIL,
    GIT_COMMITTER_NAME: identity.NAME,
    GIT_COMMITTER_EMAIL: identity.EMAIL,
  };
}
