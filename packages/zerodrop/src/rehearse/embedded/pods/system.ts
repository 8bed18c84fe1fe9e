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
import path from 'node:path';

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
