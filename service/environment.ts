import { type Faults, LONGEST_WAIT_MS } from './faults.ts';

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

/** What a running copy says of itself: the build it came from, and the pod it runs in. */
export interface Identity {
  readonly version: string;
  /** The commit that it was built from, or `unknown`. */
  readonly revision: string;
  readonly pod: string;
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

/** A variable of the environment with a value that the service can't start with. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';

  constructor(variable: string, value: string, expected: string, fallback: string) {
    super(`${variable} is ${JSON.stringify(value)}, but it must be ${expected}. Leave it out for ${fallback}.`);
  }
}

/** The environment as Node.js gives it. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Reads a whole number; `fallback` stands where the variable is not set. Throws an {@link EnvironmentError}. */
export function wholeNumber(variables: Variables, name: string, fallback: number, most: number): number {
  const text = variables[name];
  if (text === undefined) return fallback;
  // Number() alone would take "", "0x10" and "1e3".
  if (/^\d+$/.test(text) && Number(text) <= most) return Number(text);
  throw new EnvironmentError(name, text, `a whole number from 0 to ${most}`, String(fallback));
}

/** Reads a share between 0 and 1. Throws an {@link EnvironmentError}. */
export function share(variables: Variables, name: string, fallback: number): number {
  const text = variables[name];
  if (text === undefined) return fallback;
  if (/^(0|1|0?\.\d+|1\.0+)$/.test(text)) return Number(text);
  throw new EnvironmentError(name, text, 'a number from 0 to 1', String(fallback));
}

/** Reads a switch. Throws an {@link EnvironmentError}. */
export function onOff(variables: Variables, name: string, fallback: boolean): boolean {
  const text = variables[name];
  if (text === undefined) return fallback;
  if (text === 'on' || text === 'off') return text === 'on';
  throw new EnvironmentError(name, text, 'on or off', fallback ? 'on' : 'off');
}

/** Reads a text that is not empty. Throws an {@link EnvironmentError}. */
export function words<Fallback>(variables: Variables, name: string, fallback: Fallback, meaning: string) {
  const text = variables[name];
  if (text === undefined) return fallback;
  if (text.trim() !== '') return text;
  throw new EnvironmentError(name, text, 'a text', meaning);
}
