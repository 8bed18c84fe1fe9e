import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A line of the service's log. */
export type Line = Readonly<Record<string, unknown>>;

export interface Child {
  signal(name: NodeJS.Signals): void;
  /** Waits for the line with this message. Fails when the service ends without it. */
  said(message: string): Promise<Line>;
  /** The messages so far. */
  messages(): unknown[];
  /** Waits for the service to listen and returns its port. */
  port(): Promise<number>;
  /** The same for the port of probes and metrics. */
  managementPort(): Promise<number>;
  /** Waits for the end and returns the exit code, or the signal that killed it. */
  ended(): Promise<number | string>;
}

/** Runs a bundle as a process of its own, on free ports of this machine. */
export function run(file: string, variables: Readonly<Record<string, string>> = {}): Child {
  const child = spawn(process.execPath, [file], {
    env: { HOST: '127.0.0.1', PORT: '0', MANAGEMENT_PORT: '0', ...variables },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  const lines: Line[] = [];
  const output = createInterface(child.stdout).on('line', (text) => lines.push(JSON.parse(text)));
  const end = once(child, 'close').then(([code, signal]: (number | string | null)[]) => {
    running.delete(child);
    return code ?? signal ?? 'nothing';
  });

  async function said(message: string): Promise<Line> {
    const found = lines.find((line) => line['message'] === message);
    if (found) return found;
    const more = await Promise.race([once(output, 'line'), end]);
    if (!Array.isArray(more)) throw new Error(`The service ended with ${more} and never said "${message}".`);
    return said(message);
  }

  return {
    signal: (name) => void child.kill(name),
    said,
    messages: () => lines.map((line) => line['message']),
    port: async () => Number((await said('listening'))['port']),
    managementPort: async () => Number((await said('listening'))['managementPort']),
    ended: () => end,
  };
}

const running = new Set<ReturnType<typeof spawn>>();

/** Ends what a failed test has left behind. */
export function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}
