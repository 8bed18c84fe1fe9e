/** How a command ended. What it prints goes where the workflow sends it: a step's outputs, or the job's summary. */
export interface Ended {
  readonly stdout: string;
  /** Why it says no; empty where it does not. */
  readonly problems: readonly string[];
}

/** The ending of a command that has nothing against what it saw. */
export function ended(stdout = ''): Ended {
  return { stdout, problems: [] };
}
