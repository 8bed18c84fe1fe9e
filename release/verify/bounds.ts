/** The longest that the rollout of one commit is waited for while it gets no further. */
export const longestMs = 15 * 60_000;

/**
 * The longest that all rollouts of one verification are waited for together: that of the commit, of later ones that take its place, and
 * of what is brought back. Shorter than the job of CI, which also installs and pushes, so that it is us who say why.
 */
export const longestTogetherMs = 25 * 60_000;
