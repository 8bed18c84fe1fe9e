import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
} from 'node:fs';
import { request as overHttp } from 'node:http';
import { request as overTls } from 'node:https';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import type { V1Container } from '@kubernetes/client-node';

/** What is mounted into a container: a file or a folder of this machine, at a path of the container's. */
export interface Mount {
  readonly source: string;
  readonly target: string;
}

interface Container {
  readonly name: string;
  /** Its working directory: what is made for it lies beside that. */
  readonly directory: string;
  readonly mounts: readonly Mount[];
}

/**
 * Makes a root folder that is this machine's, with the container's mounts in it. All of it lies in this program's mount namespace:
 * nothing of it is seen outside, and folders that this machine lacks are made in memory.
 */
export function rootWith({ name, directory, mounts }: Container): string {
  const root = path.join(path.dirname(directory), `${name}.root`);
  mkdirSync(root, { recursive: true });
  must('mount', '-t', 'tmpfs', 'tmpfs', root);
  for (const entry of readdirSync('/')) {
    const from = path.join('/', entry);
    const to = path.join(root, entry);
    if (lstatSync(from).isSymbolicLink()) {
      symlinkSync(readlinkSync(from), to);
    } else {
      makeLike(from, to);
      must('mount', '--rbind', from, to);
    }
  }
  // The shorter path first: /etc/app is mounted before /etc/app/keys.
  for (const { source, target } of mounts.toSorted((one, other) => one.target.length - other.target.length)) {
    const to = path.join(root, target);
    if (!existsSync(to)) {
      makeRoom(root, path.dirname(to), `${root}.${mounts.findIndex((one) => one.target === target)}`);
      makeLike(source, to);
    }
    must('mount', '--bind', source, to);
  }
  return root;
}

/** Makes a folder where it is missing. What exists of its path is covered by a layer, so that the machine's own is not written to. */
function makeRoom(root: string, folder: string, layer: string): void {
  let exists = folder;
  while (!existsSync(exists)) exists = path.dirname(exists);
  if (exists !== root) {
    const [upper, work] = ['upper', 'work'].map((part) => path.join(layer, part));
    for (const made of [upper, work]) if (made !== undefined) mkdirSync(made, { recursive: true });
    must('mount', '-t', 'overlay', 'overlay', '-o', `lowerdir=${exists},upperdir=${upper},workdir=${work}`, exists);
  }
  mkdirSync(folder, { recursive: true });
}

function makeLike(source: string, target: string): void {
  if (lstatSync(source).isDirectory()) mkdirSync(target, { recursive: true });
  else closeSync(openSync(target, 'a'));
}

/** Runs a program of the system. Throws its words where it fails. */
export function must(program: string, ...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr.trim()}`);
}

/** The processes that a process has started, as /proc tells them; none where it is gone. */
export function childrenOf(parent: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim();
    return text === '' ? [] : text.split(' ').map(Number);
  } catch {
    return [];
  }
}

/** What a process and its children hold in memory, as a memory cgroup counts it but for the page cache, in bytes. */
export function memoryOf(first: number | null): number {
  if (first === null) return 0;
  const own = kibibytes(first) * 1_024;
  return childrenOf(first).reduce((sum, child) => sum + memoryOf(child), own);
}

function kibibytes(processId: number): number {
  try {
    const rollup = readFileSync(`/proc/${processId}/smaps_rollup`, 'utf8');
    return ['Pss_Anon', 'Pss_Shmem'].reduce(
      (sum, field) => sum + Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(rollup)?.[1] ?? 0),
      0,
    );
  } catch {
    return 0;
  }
}

/** What listens in the network namespace of a process, as /proc tells it. */
export function listeners(processId: number): readonly { readonly port: number; readonly isLoopback: boolean }[] {
  return ['tcp', 'tcp6'].flatMap((table) => {
    const file = `/proc/${processId}/net/${table}`;
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    return lines.flatMap((line) => {
      // 0A is LISTEN. An address is written as words in the byte order of the machine: 127.0.0.1, also as an IPv6 one, and ::1.
      const [, address = '', port = ''] = /^\s*\d+: (\w+):(\w+) \S+ 0A /.exec(line) ?? [];
      const isLoopback = address.endsWith('0100007F') || /^0{24}01000000$/.test(address);
      return port === '' ? [] : { port: Number.parseInt(port, 16), isLoopback };
    });
  });
}

/** Resolves once something listens on a port of 127.0.0.1; null where it was cancelled before. */
export async function untilListening(port: number, cancelled: AbortSignal): Promise<boolean> {
  while (!cancelled.aborted) {
    const socket = connect({ host: '127.0.0.1', port });
    const answered = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (answered) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

/** Where a program listens whose pod says no port, neither by PORT nor as one of the container: what its image exposes. */
const exposedPort = 8_080;

/** A port that the program of a pod is told to listen on. */
export interface ListeningPort {
  /** The variable that tells it. */
  readonly variable: string;
  /** The port of the pod's address. */
  readonly podPort: number;
}

/**
 * The ports that a container's program is told by variables: PORT, and each variable whose name ends in `_PORT` and whose
 * value is a port that the container declares. The pods of this machine share one address, so each of them has to be told
 * ports of its own, and the declaration tells such a variable from the port of a database.
 */
export function listeningPorts(
  container: Pick<V1Container, 'ports'>,
  variables: ReadonlyMap<string, string>,
): readonly ListeningPort[] {
  const declared = new Set((container.ports ?? []).map(({ containerPort }) => containerPort));
  const named = [...variables]
    .filter(([variable, value]) => variable.endsWith('_PORT') && declared.has(Number(value)))
    .map(([variable, value]) => ({ variable, podPort: Number(value) }));
  const taken = new Set(named.map(({ podPort }) => podPort));
  const usual = [...declared].find((port) => !taken.has(port)) ?? exposedPort;
  return [{ variable: 'PORT', podPort: Number(variables.get('PORT') ?? usual) }, ...named];
}

/**
 * Pods listen below the ephemeral range (from 32768 on Linux, 49152 elsewhere): a port in it may be taken by an outgoing
 * connection in the moment before the pod listens. And below the node ports (from 30000): on a machine with a cluster of its own,
 * kube-proxy would lead them elsewhere.
 */
const range = { from: 20_000, to: 30_000 };

/**
 * Hands out ports of 127.0.0.1 that nothing listens on, in a circle through the whole range. A port comes back late, so that
 * a connection to a pod that is gone is refused, and does not reach the pod that came after it.
 */
export function makePorts(start: number = Math.random()): () => Promise<number> {
  let next = range.from + Math.floor(start * (range.to - range.from));
  return async () => {
    for (let tried = range.from; tried < range.to; tried += 1) {
      const port = next;
      next = next + 1 < range.to ? next + 1 : range.from;
      if (await isFree(port)) return port;
    }
    throw new Error(`No port between ${range.from} and ${range.to} is free for a pod. End what listens there.`);
  };
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const free = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (free) await promisify(server.close.bind(server))();
  return free;
}

/** A probe gives up earlier; this only keeps a hanging pod from collecting requests. */
const giveUpMs = 10_000;

interface Probe {
  readonly method: string;
  readonly url: URL;
  readonly header: Readonly<Record<string, string[]>>;
}

/** Sends a probe of the kubelet to the process of the pod, each on a connection of its own, as a kubelet does. */
export async function probe(
  port: number,
  { method, url, header }: Probe,
): Promise<{ readonly status: number; readonly body: string }> {
  const request = url.protocol === 'https:' ? overTls : overHttp;
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path: `${url.pathname}${url.search}`,
        headers: { 'user-agent': 'kube-probe/1.35', accept: '*/*', ...header },
        agent: false,
        // A kubelet takes any certificate.
        rejectUnauthorized: false,
        signal: AbortSignal.timeout(giveUpMs),
      },
      (answer) => {
        let body = '';
        answer.setEncoding('utf8');
        answer.on('data', (text: string) => (body += text));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
        answer.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}
