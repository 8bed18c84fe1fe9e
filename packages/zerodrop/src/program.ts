import { spawn } from 'node:child_process';
import { Interrupted, notStarted, ProgramError } from './errors.ts';

/** Where a program runs, and what ends it early. */
export interface Call {
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  /** After this it is stopped, with every process that it started. */
  readonly limitMs: number;
  readonly signal: AbortSignal;
  /** What sentences call it; as the program unless said. */
  readonly name?: string;
  /** What it reads; nothing unless said, so that one that asks a question is not waited for. */
  readonly input?: string | Buffer;
}

/** How a program ended. */
export interface Ran {
  /** Null where a signal ended it: ours or another's. */
  readonly exitCode: number | null;
  readonly stdout: string;
  /** The same to the byte: not everything that a program prints is text. */
  readonly bytes: Buffer;
  /** Ends with a sentence of ours where the limit or a signal ended it. */
  readonly stderr: string;
}

/** How long a program may tidy up (git removes its locks) before it is killed. */
const tidyMs = 2_000;
/** ssh leaves a process behind that shares connections and keeps stderr open: its end is not waited for. */
const drainMs = 1_000;

/**
 * Runs a program in a process group of its own: what hangs is often not git but what it started (ssh, a hook, a credential
 * helper), and no terminal to ask on is left to any of them. Throws {@link OperationError} when the signal says to stop.
 */
export function runProgram(call: Call, program: string, ...args: readonly string[]): Promise<Ran> {
  const { directory, environment, limitMs, signal, name = program, input = '' } = call;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(interrupted(name));
    const child = spawn(program, args, { cwd: directory, env: environment, detached: true });
    const printed: Buffer[] = [];
    let stderr = '';
    const timers: NodeJS.Timeout[] = [];
    let isStopped = false;
    const stop = (): void => {
      isStopped = true;
      signalGroup(child.pid, 'SIGTERM');
      timers.push(setTimeout(() => signalGroup(child.pid, 'SIGKILL'), tidyMs));
    };
    const overdue = (): void => {
      stderr += `\n${name} did not end within ${limitMs / 1_000} s and was stopped.`;
      stop();
    };
    const end = (settle: () => void): void => {
      for (const timer of timers) clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      child.stdout.destroy();
      child.stderr.destroy();
      settle();
    };
    const ended = (): void => {
      if (child.signalCode !== null && !isStopped) stderr += `\n${program} was ended by ${child.signalCode}.`;
      const bytes = Buffer.concat(printed);
      const ran = { exitCode: child.exitCode, stdout: bytes.toString(), bytes, stderr };
      end(() => (signal.aborted ? reject(interrupted(name)) : resolve(ran)));
    };

    timers.push(setTimeout(overdue, limitMs));
    signal.addEventListener('abort', stop);
    child.stdout.on('data', (chunk: Buffer) => printed.push(chunk));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', (cause) => end(() => reject(notStarted(program, cause))));
    child.on('exit', () => timers.push(setTimeout(ended, drainMs)));
    child.on('close', ended);
    // One that ends without reading closes the pipe, and how it ended tells why.
    child.stdin.on('error', () => undefined).end(input);
  });
}

/** Where a program runs that has to do its part, and what ends it early. */
export type ProcessOptions = Pick<Call, 'directory' | 'environment' | 'signal'>;

/** The build of a large service takes minutes: what takes longer hangs. */
const patientMs = 30 * 60_000;

/** Runs a program and returns what it printed. Throws a {@link ProgramError} that quotes the program's own words where it failed. */
export async function run(where: ProcessOptions, program: string, ...args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runProgram({ ...where, limitMs: patientMs }, program, ...args);
  if (exitCode === 0) return stdout.trimEnd();
  const said = stderr.trim() || `exit code ${exitCode}`;
  const command = [program, ...args.slice(0, 3)].join(' ');
  throw new ProgramError(`${command} failed in ${where.directory}: ${said}`, exitCode, said);
}

function signalGroup(processId: number | undefined, signal: NodeJS.Signals): void {
  if (processId === undefined) return;
  try {
    process.kill(-processId, signal);
  } catch {
    // The group is gone: nothing is left to stop.
  }
}

function interrupted(name: string): Interrupted {
  return new Interrupted(`Interrupted while ${name} was at work.`);
}
