/**
 * Runs what makes or resolves CDKTF's constructs. CDKTF takes a stack trace for each reference, and nothing here reads one: to write them
 * out takes longer than all the rest. So they are empty meanwhile. The trace of an error that is thrown is written when somebody reads it.
 */
export function withoutStackTraces<T>(make: () => T): T {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = () => '';
  try {
    return make();
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}
