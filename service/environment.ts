import { type Faults, LONGEST_WAIT_MS } from './faults.ts';
import { EnvironmentError, onOff, share, type Variables, wholeNumber, words } from './variables.ts';

/** What the service is told from outside, read once at its start. */
export interface Environment {
  /** For clients. */
  readonly port: number;
  /** For probes and metrics: no Service leads there. */
  readonly managementPort: number;
  /** The address to listen on; undefined for all of them. */
  readonly host: string | undefined;
  /** How long to go on serving after SIGTERM. 0 closes the listener at once. */
  readonly drainMs: number;
  /** How long open requests may take after the drain. */
  readonly shutdownLimitMs: number;
  readonly pod: string;
  /** How long `/version` waits for the slow dependency that it stands for. */
  readonly dependencyDelayMs: number;
  readonly faults: Faults;
}

/**
 * Reads the environment. `baked` faults are on by themselves; the variables `FAULT_...` count, and go before them, only
 * with `FAULTS=on`. Throws an {@link EnvironmentError} that names the variable, its value and what is expected.
 */
export function readEnvironment(variables: Variables, hostname: string, baked: Faults): Environment {
  const milliseconds = (name: string, fallback: number) => wholeNumber(variables, name, fallback, LONGEST_WAIT_MS);
  return {
    ...readPorts(variables),
    host: words(variables, 'HOST', undefined, 'all addresses'),
    drainMs: milliseconds('DRAIN_MS', 5_000),
    shutdownLimitMs: milliseconds('SHUTDOWN_LIMIT_MS', 10_000),
    pod: words(variables, 'POD_NAME', hostname, hostname),
    dependencyDelayMs: milliseconds('DEPENDENCY_DELAY_MS', 0),
    faults: onOff(variables, 'FAULTS', false) ? readFaults(variables, baked) : baked,
  };
}

function readPorts(variables: Variables): Pick<Environment, 'port' | 'managementPort'> {
  const port = wholeNumber(variables, 'PORT', 8080, 65_535);
  const managementPort = wholeNumber(variables, 'MANAGEMENT_PORT', 9090, 65_535);
  // 0 is any free port, another one each time.
  if (port !== managementPort || port === 0) return { port, managementPort };
  // Named is the one that leaving out would mend.
  throw port === 9090
    ? new EnvironmentError('PORT', String(port), 'another port than MANAGEMENT_PORT', '8080')
    : new EnvironmentError('MANAGEMENT_PORT', String(port), 'another port than PORT', '9090');
}

function readFaults(variables: Variables, baked: Faults): Faults {
  return {
    startupDelayMs: wholeNumber(variables, 'FAULT_STARTUP_DELAY_MS', baked.startupDelayMs, LONGEST_WAIT_MS),
    crashAtStart: onOff(variables, 'FAULT_CRASH_AT_START', baked.crashAtStart),
    neverReady: onOff(variables, 'FAULT_NEVER_READY', baked.neverReady),
    answerDelayMs: wholeNumber(variables, 'FAULT_ANSWER_DELAY_MS', baked.answerDelayMs, LONGEST_WAIT_MS),
    failureRate: share(variables, 'FAULT_FAILURE_RATE', baked.failureRate),
  };
}
