import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  findIsolation,
  type Isolation,
  openPod,
  type PodProcess,
  type PodRunner,
} from '../../../../src/rehearse/embedded/pods/process.ts';
import type { ContainerStart } from '../../../../src/rehearse/embedded/pods/runner.ts';
import { bundlePrograms } from '../../../../src/rehearse/embedded/programs.ts';

/** Answers what it is asked for with its address and its process id, on a port that nobody tells it. */
const fixedPort = `
  const { createServer } = require('node:http');
  createServer((_, response) => response.end('pid ' + process.pid + ' ' + (process.env.GREETING ?? ''))).listen(8080);
`;

let programs: string;
let isolation: Isolation;
let folder: string;
let pod: PodRunner;
const listening: number[] = [];

beforeAll(async () => {
  programs = mkdtempSync(path.join(tmpdir(), 'zerodrop-test-'));
  await bundlePrograms(programs);
  isolation = await findIsolation();
});

afterAll(() => rmSync(programs, { recursive: true }));

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zerodrop-test-'));
  listening.length = 0;
});

afterEach(() => {
  pod.end();
  rmSync(folder, { recursive: true, maxRetries: 5 });
});

function open(own: Isolation = isolation): PodRunner {
  pod = openPod({
    runner: path.join(programs, 'runner.cjs'),
    isolation: own,
    address: own.flags === null ? null : '10.9.8.7',
    log: path.join(folder, 'pod.log'),
    listening: (port) => listening.push(port),
    elsewhere: () => undefined,
  });
  return pod;
}

function container(source: string, more: Partial<ContainerStart> = {}): ContainerStart {
  const directory = path.join(folder, 'work');
  mkdirSync(directory, { recursive: true });
  return {
    name: 'web',
    argv: [process.execPath, '-e', source],
    environment: { PATH: process.env['PATH'] ?? '', GREETING: 'hello' },
    directory,
    mounts: [],
    memoryBytes: null,
    ...more,
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return address !== null && typeof address === 'object' ? address.port : 0;
}

const log = (): string => readFileSync(path.join(folder, 'pod.log'), 'utf8');

async function never(): Promise<AbortSignal> {
  return new AbortController().signal;
}

async function execute(running: PodProcess, ...argv: readonly string[]) {
  return running.execute(argv, await never());
}

test('tells the exit code of a command, and what can not be started', async () => {
  open({ flags: null, refused: 'not wanted' });
  expect(await pod.start(container('process.exit(3)')).exited).toBe(3);
  expect(await pod.start(container('', { argv: ['no-such-program'] })).exited).toBe(127);
  expect(log()).toContain('no-such-program');
});

test('runs a command of a hook with the environment and in the folder of its container', async () => {
  open({ flags: null, refused: 'not wanted' });
  const running = pod.start(container('setInterval(() => undefined, 1000)'));
  const { code, output } = await execute(running, 'sh', '-c', 'echo $GREETING from $(basename $PWD); exit 4');
  expect({ code, output }).toEqual({ code: 4, output: 'hello from work\n' });
  expect(await execute(running, 'no-such-program')).toMatchObject({ code: 127 });
  running.signal('SIGKILL');
  expect(await running.exited).toBe(137);
});

test('ends what a pod has started with the pod, where no namespace holds it', async () => {
  open({ flags: null, refused: 'not wanted' });
  const running = pod.start(
    container('require("node:child_process").spawn("sleep", ["60"]); setTimeout(() => undefined, 60_000)'),
  );
  running.signal('SIGTERM');
  expect(await running.exited).toBe(143);
});

const { flags } = await findIsolation();

// Where the machine gives no namespaces, there is nothing to show.
describe.skipIf(flags === null)('a pod with namespaces of its own', () => {
  test('lets two pods listen on the same fixed port', async () => {
    const other = openPod({
      runner: path.join(programs, 'runner.cjs'),
      isolation,
      address: '10.9.8.8',
      log: path.join(folder, 'other.log'),
      listening: () => undefined,
      elsewhere: () => undefined,
    });
    try {
      open();
      const ports = [await freePort(), await freePort()];
      const pods = [pod, other];
      for (const [index, one] of pods.entries()) {
        await one.open(8_080, ports[index] ?? 0);
        one.start(container(fixedPort));
      }
      await expect.poll(() => listening).toEqual([8_080]);
      // The first process of its own namespace, as in a container.
      expect(await (await fetch(`http://127.0.0.1:${ports[0]}`)).text()).toBe('pid 1 hello');
      await expect.poll(async () => (await fetch(`http://127.0.0.1:${ports[1]}`).catch(() => null))?.status).toBe(200);
    } finally {
      other.end();
    }
  });

  test('keeps out what listens on the address of the machine alone', async () => {
    open();
    await pod.open(8_080, await freePort());
    pod.start(container(fixedPort.replace('8080', '8080, "127.0.0.1"')));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(listening).toEqual([]);
  });

  test('does not end a first process by SIGTERM that has no handler for it', async () => {
    open();
    const running = pod.start(container('console.log("up"); setInterval(() => undefined, 1000)'));
    await expect.poll(log).toContain('up');
    running.signal('SIGTERM');
    const first = await Promise.race([
      running.exited,
      new Promise((resolve) => setTimeout(() => resolve('runs'), 300)),
    ]);
    expect(first).toBe('runs');
    running.signal('SIGKILL');
    expect(await running.exited).toBe(137);
  });

  test('mounts files where the machine has no such folder, and leaves the machine as it is', async () => {
    open();
    const source = path.join(folder, 'volume');
    mkdirSync(source);
    writeFileSync(path.join(source, 'greeting'), 'from a file');
    const mounts = [
      { source, target: '/zerodrop-none/here' },
      { source: path.join(source, 'greeting'), target: '/etc/zerodrop-none.txt' },
    ];
    const read = `for (const file of ['/zerodrop-none/here/greeting', '/etc/zerodrop-none.txt']) console.log(require('node:fs').readFileSync(file, 'utf8'));`;
    expect(await pod.start(container(read, { mounts })).exited).toBe(0);
    expect(log()).toBe('from a file\nfrom a file\n');
    expect(() => readFileSync('/etc/zerodrop-none.txt')).toThrow('ENOENT');
  });

  test('ends a container that uses more memory than its limit', async () => {
    open();
    const eat = 'const kept = []; setInterval(() => kept.push(Buffer.alloc(20e6, 1)), 50)';
    expect(await pod.start(container(eat, { memoryBytes: 100 * 2 ** 20 })).exited).toBe(137);
  });
});
