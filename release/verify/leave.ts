/** What is known of a release that failed. */
export interface Failure {
  readonly environment: string;
  /** The commit that was to be verified, 40 hex digits. */
  readonly commit: string;
  /** Whether it was named, or is only what is checked out. */
  readonly isNamed: boolean;
  readonly isSuperseded: boolean;
  /** Nothing answered at the endpoint, not even wrongly. */
  readonly isSilent: boolean;
  /** Whether a release is all that brought the environment to where it is. */
  readonly isRelease: boolean;
  readonly autoRollback: boolean;
}

/** Why a release that failed is not taken back without being asked; null where it is. */
export function reasonToLeave(failure: Failure): string | null {
  const { environment, commit } = failure;
  const byHand = `To go back: npm run release -- rollback --environment ${environment}`;
  if (failure.isSuperseded)
    return 'It is not what was to be verified but came after it: whoever verifies that one sees to it.';
  if (!failure.isRelease) {
    return `It is no release that fails but a change of configuration. To go back: git revert ${commit.slice(0, 12)}`;
  }
  if (!failure.autoRollback) return `autoRollback is not set for ${environment} in settings.ts. ${byHand}`;
  if (failure.isSilent) return `Another version would not be reached either. ${byHand}`;
  if (!failure.isNamed)
    return `It may have run for long: only a release that is named by --commit is taken back. ${byHand}`;
  return null;
}
