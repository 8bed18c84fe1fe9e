import { spawn } from 'node:child_process';

/** How a run of the command ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run of the command. */
export interface Started {
  readonly processId: number;
  readonly ended: Promise<Ended>;
}

/** Starts `npm run release --` with these arguments, as a person would, in a process group of its own. */
export function startRelease(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Started {
  return startProgram(
    process.execPath,
    ['--conditions=zerodrop-source', '--import', 'tsx', 'release/main.ts', ...args],
    environment,
  );
}

/** Starts a program in a process group of its own, and tells it something as JSON on its standard input. */
export function startProgram(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  told: object = {},
): Started {
  const child = spawn(program, args, { env: { ...process.env, ...environment }, detached: true });
  child.stdin.end(JSON.stringify(told));
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
  return { processId: child.pid ?? 0, ended };
}
