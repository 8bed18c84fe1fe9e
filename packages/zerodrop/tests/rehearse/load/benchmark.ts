// npm run benchmark:load -w zerodrop -- [--rate N] [--seconds N] [--tools DIR]
import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { availableParallelism, cpus, loadavg } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startLoad } from '../../../src/rehearse/load/load.ts';
import { get } from '../../../src/rehearse/load/request.ts';
import type { Sample } from '../../../src/rehearse/load/schedule.ts';

/** So many connections the server breaks, each under a request, evenly over a run: whoever sees losses has to find as many. */
const broken = 40;

/** What a tool did in a run; null for what it does not tell. */
interface Result {
  readonly requests: number;
  readonly perSecond: number;
  readonly failures: number | null;
  /** How late a request was sent, at the 99th percentile, in milliseconds. */
  readonly lateMs: number | null;
  /** Of its process, in seconds. */
  readonly cpuSeconds: number | null;
}

interface Run {
  readonly url: string;
  /** Requests per second in all. */
  readonly rate: number;
  readonly seconds: number;
  readonly folder: string;
}

/** The tools that a load is compared with: how each is called, and how its output is read. */
const tools: Readonly<Record<string, (run: Run) => Promise<Result>>> = {
  zerodrop,
  async vegeta({ url, rate, seconds, folder }) {
    const vegeta = found(folder, 'vegeta');
    const command = `echo GET ${url} | "$0" attack -rate=${rate} -duration=${seconds}s -timeout=10s | "$0" report -type=json`;
    const report = JSON.parse(await output('sh', ['-c', command, vegeta])) as {
      requests: number;
      rate: number;
      success: number;
    };
    const failures = Math.round(report.requests * (1 - report.success));
    return { ...none, requests: report.requests, perSecond: report.rate, failures };
  },
  async fortio({ url, rate, seconds, folder }) {
    const args = ['load', '-quiet', '-qps', String(rate), '-t', `${seconds}s`, '-c', '32', '-json', '-', url];
    const report = JSON.parse(await output(found(folder, 'fortio'), args)) as {
      ActualQPS: number;
      DurationHistogram: { Count: number };
      RetCodes: Readonly<Record<string, number>>;
    };
    const { Count: requests } = report.DurationHistogram;
    return { ...none, requests, perSecond: report.ActualQPS, failures: requests - (report.RetCodes['200'] ?? 0) };
  },
  async hey({ url, rate, seconds, folder }) {
    const args = ['-z', `${seconds}s`, '-c', '32', '-q', String(rate / 32), url];
    const text = await output(found(folder, 'hey'), args);
    const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]);
    const right = Number(/\[200\]\s+(\d+)/.exec(text)?.[1]);
    const errors = [...(/Error distribution:([\s\S]*)/.exec(text)?.[1] ?? '').matchAll(/\[(\d+)\]/g)];
    const failures = errors.reduce((sum, [, count]) => sum + Number(count), 0);
    return { ...none, requests: right + failures, perSecond, failures };
  },
  async wrk({ url, seconds, folder }) {
    const text = await output(found(folder, 'wrk'), ['-t', '1', '-c', '32', '-d', `${seconds}s`, url]);
    const [, connect, read, write, timeout] =
      /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text) ?? [];
    const failures = [connect, read, write, timeout].reduce((sum, count) => sum + Number(count ?? 0), 0);
    const requests = Number(/(\d+) requests in/.exec(text)?.[1]) + failures;
    return { ...none, requests, perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]), failures };
  },
};

const none: Result = { requests: 0, perSecond: 0, failures: null, lateMs: null, cpuSeconds: null };

/** Half of its requests over kept connections, half over new ones. */
async function zerodrop({ url, rate, seconds }: Run): Promise<Result> {
  const samples: Sample[] = [];
  const onSamples = (batch: readonly Sample[]): void => void samples.push(...batch);
  const load = await startLoad({ url, request: get('/'), rate: rate / 2, onSamples });
  await pause(1_000 * seconds);
  const cpuSeconds = cpuSecondsOf(load.pid);
  const { sent } = await load.stop();
  const late = samples.map(({ dueAt, sentAt }) => sentAt - dueAt).toSorted((a, b) => a - b);
  const ends = samples.reduce((last, { endedAt }) => Math.max(last, endedAt), 0);
  const begins = samples.reduce((first, { dueAt }) => Math.min(first, dueAt), Number.POSITIVE_INFINITY);
  return {
    requests: sent,
    perSecond: (1_000 * sent) / (ends - begins),
    failures: samples.filter(({ failure }) => failure !== null).length,
    lateMs: late[Math.floor(0.99 * (late.length - 1))] ?? 0,
    cpuSeconds,
  };
}

/** What a process has used so far, as Linux tells it in hundredths of a second; null elsewhere. */
function cpuSecondsOf(pid: number): number | null {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return null;
  const fields = readFileSync(file, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** A tool in the folder that was named, else on the PATH. Throws where it is in neither. */
function found(folder: string, name: string): string {
  const places = [folder, ...(process.env['PATH'] ?? '').split(path.delimiter)].map((place) => path.join(place, name));
  const place = places.find((one) => existsSync(one));
  if (place === undefined) throw new Error('it is not on this machine');
  return place;
}

async function output(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, [...args], { maxBuffer: 64 * 1_024 * 1_024 }, (error, stdout) =>
      error === null ? resolve(stdout) : reject(error),
    );
  });
}

/** The server of a run: it answers each request at once, and breaks connections while one is on it, `every` requests apart. */
function serve(every: number): void {
  let requests = 0;
  let left = broken;
  const answer = (socket: Socket, head: string): void => {
    requests += 1;
    if (left > 0 && requests % every === 0) {
      left -= 1;
      socket.resetAndDestroy();
    } else if (/^connection: close/im.test(head)) {
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok');
    } else {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
    }
  };
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    // A request of these tools is one packet.
    socket.on('data', (chunk) => answer(socket, chunk.toString('latin1')));
  });
  process.on('message', () => process.send?.({ broken: broken - left }));
  server.listen(0, '127.0.0.1', 4_096, () => process.send?.(server.address()));
}

async function told<Word>(server: ChildProcess): Promise<Word> {
  const [word] = (await once(server, 'message')) as [Word];
  return word;
}

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '10' },
    tools: { type: 'string', default: '.' },
    serve: { type: 'string' },
  },
});

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Plays each tool against a server of its own, one after the other, and prints a table. */
async function compare(rate: number, seconds: number): Promise<void> {
  const model = cpus()[0]?.model ?? 'unknown';
  say(
    `${new Date().toISOString().slice(0, 10)}, ${availableParallelism()} cores (${model}), Node.js ${process.versions.node}.`,
  );
  say(
    `Load of this machine before: ${loadavg()[0]?.toFixed(1)}. ${rate} requests a second asked for, ${seconds} s each.\n`,
  );
  say('| tool | requests | a second | late p99 | found of what was broken | CPU |');
  say('| --- | ---: | ---: | ---: | ---: | ---: |');
  for (const [name, play] of Object.entries(tools)) {
    const every = Math.floor((rate * seconds) / (2 * broken));
    const server = fork(fileURLToPath(import.meta.url), ['--serve', String(every)], { execArgv: process.execArgv });
    const { port } = await told<{ port: number }>(server);
    try {
      const run = { url: `http://127.0.0.1:${port}/`, rate, seconds, folder: values.tools };
      const { requests, perSecond, failures, lateMs, cpuSeconds } = await play(run);
      server.send('how many');
      const { broken: done } = await told<{ broken: number }>(server);
      const late = lateMs === null ? '–' : `${lateMs.toFixed(1)} ms`;
      const cpu = cpuSeconds === null ? '–' : `${((100 * cpuSeconds) / seconds).toFixed(0)} %`;
      say(`| ${name} | ${requests} | ${perSecond.toFixed(0)} | ${late} | ${failures} of ${done} | ${cpu} |`);
    } catch (error) {
      say(`| ${name} | skipped: ${error instanceof Error ? error.message.split('\n')[0] : String(error)} | | | | |`);
    } finally {
      server.kill();
    }
  }
}

if (values.serve === undefined) await compare(Number(values.rate), Number(values.seconds));
else serve(Number(values.serve));
