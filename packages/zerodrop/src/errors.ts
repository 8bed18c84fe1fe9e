/** The user's mistake: a wrong option, a reference that is not there. The command ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** It did not work: git failed, a file can't be written. The command ends with exit code 3. */
export class OperationError extends Error {
  override readonly name = 'OperationError';
}
