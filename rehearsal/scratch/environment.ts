import { devNull } from 'node:os';

const identity = { NAME: 'zerodrop rehearsal', EMAIL: 'rehearsal@zerodrop.invalid' };

/**
 * The environment for git and the release in a scratch clone: an identity of its own, and nothing of the user's
 * configuration, so that no hook, signature or template of theirs runs in a rehearsal. GIT_DIR and its like, which git sets
 * for a hook that may have started us, would point every command at the user's repository.
 */
export function scratchEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !name.startsWith('GIT_'));
  return {
    ...Object.fromEntries(kept),
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: identity.NAME,
    GIT_AUTHOR_EMAIL: identity.EMAIL,
    GIT_COMMITTER_NAME: identity.NAME,
    GIT_COMMITTER_EMAIL: identity.EMAIL,
  };
}
