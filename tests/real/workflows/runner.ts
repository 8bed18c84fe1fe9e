import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What the play tells its stand-ins, in a file that the variable PLAY names. */
export interface Told {
  readonly folder: string;
  /** Of this machine's packages, which `npm ci` finds in place of the registry's. */
  readonly modules: string;
  /** The federation's provider. */
  readonly provider: string;
  /** A kubeconfig of the cluster; null where there is none: nothing is built for it then, and verify looks at nothing. */
  readonly kubeconfig: string | null;
  /** What gcloud calls the cluster. */
  readonly cluster: Readonly<Record<'cluster' | 'location' | 'project', string>>;
  /** The report of a rehearsal that was made before. */
  readonly report: string;
}

/** What the play tells. */
export function play(): Told {
  return JSON.parse(readFileSync(environment('PLAY'), 'utf8'));
}

/** A variable of the runner. */
export function environment(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') fail(`The runner does not set ${name}.`);
  return value;
}

/** An input of the action, empty where it has none. */
export function input(name: string): string {
  return process.env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] ?? '';
}

/** Sets an output of the step. */
export function output(name: string, value: string): void {
  appendFileSync(environment('GITHUB_OUTPUT'), `${name}=${value}\n`);
}

/** Sets a variable of the steps that follow. */
export function exportVariable(name: string, value: string): void {
  appendFileSync(environment('GITHUB_ENV'), `${name}=${value}\n`);
}

/** Keeps a value for the end of the job. */
export function saveState(name: string, value: string): void {
  appendFileSync(environment('GITHUB_STATE'), `${name}=${value}\n`);
}

/** Ends the step with an error. */
export function fail(why: string): never {
  process.stdout.write(`::error::${why}\n`);
  process.exit(1);
}

const secret = /^(?:INPUT_)?(?:PRIVATE-KEY|PASSWORD|TOKEN)$/;

/** Writes down what an action or a program was given, without secrets. */
export function record(name: string, words: readonly string[] = []): void {
  const inputs = Object.entries(process.env).filter(([key]) => key.startsWith('INPUT_'));
  const given = inputs.map(([key, value = '']) => [key.slice(6).toLowerCase(), secret.test(key) ? 'secret' : value]);
  const { GITHUB_RUN_ID: runId, GITHUB_JOB: job } = process.env;
  const line = JSON.stringify({
    name,
    run: runId,
    job,
    ...(words.length > 0 ? { words } : { given: Object.fromEntries(given) }),
  });
  appendFileSync(path.join(play().folder, 'given.jsonl'), `${line}\n`);
}
