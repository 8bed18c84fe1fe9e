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
  /** The time was over while pods were still being replaced. */
  readonly isUnderWay: boolean;
  /** Whether a release is all that brought the environment to where it is. */
  readonly isRelease: boolean;
  readonly autoRollback: boolean;
}

/** Why a release that failed is not rolled back automatically; null where it is. */
export function reasonToLeave(failure: Failure): string | null {
  const { environment, commit } = failure;
  const byHand = `To roll back: npm run release -- rollback --environment ${environment}`;
  if (failure.isSuperseded)
    return 'A later commit failed, not the one to verify. The run that verifies that commit decides about it.';
  if (!failure.isRelease) {
    return `A change of configuration failed, not a release. To undo it: git revert ${commit.slice(0, 12)}`;
  }
  if (!failure.autoRollback) return `settings.ts does not set autoRollback for ${environment}. ${byHand}`;
  if (failure.isUnderWay) return `The rollout was still making progress and may complete. ${byHand}`;
  if (failure.isSilent) return `Clients could not reach another version either. ${byHand}`;
  if (!failure.isNamed) {
    return `It may have run for a long time: only a release named by --commit is rolled back automatically. ${byHand}`;
  }
  return null;
}
