import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zerodrop-main-'));
  // What tsx has compiled once, it need not compile for each program.
  const compiled = `tsx-${process.getuid?.() ?? ''}`;
  await mkdir(path.join(tmpdir(), compiled), { recursive: true });
  await symlink(path.join(tmpdir(), compiled), path.join(folder, compiled));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcess;
  /** Resolves when the program has said this on standard error. */
  said(words: string): Promise<void>;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

/** Starts a rehearsal with a temporary folder of its own, so that what it leaves there can be seen. */
function rehearse(directory: string, ...args: readonly string[]): Run {
  const child = spawn(
    process.execPath,
    ['--conditions=zerodrop-source', '--import', tsx, path.join(root, 'release', 'rehearse.ts'), ...args],
    {
      cwd: directory,
      env: { ...process.env, TMPDIR: folder, GIT_CEILING_DIRECTORIES: tmpdir() },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const heard = { stdout: '', stderr: '' };
  child.stdout.on('data', (text: Buffer) => (heard.stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (heard.stderr += text.toString()));
  return {
    child,
    said: async (words) =>
      new Promise((resolve, reject) => {
        const look = (): void => (heard.stderr.includes(words) ? resolve() : undefined);
        child.stderr.on('data', look);
        child.once('exit', () => reject(new Error(`it ended before it said "${words}": ${heard.stderr}`)));
        look();
      }),
    ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, ...heard }))),
  };
}

test('help is an answer, and no rehearsal', async () => {
  const { code, stdout } = await rehearse(root, '--help').ended;

  expect(code).toBe(0);
  expect(stdout).toContain('npm run rehearse -- [FOLDER] [options]');
});

test('wrong use, and a folder without a project, end with their sentences and codes of their own', async () => {
  const [wrong, nowhere] = await Promise.all([rehearse(root, '--rate', 'fast').ended, rehearse(folder).ended]);

  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('rehearse: --rate is "fast"') });
  expect(nowhere).toMatchObject({ code: 3, stderr: expect.stringContaining('is not in a git repository') });
});

test('a Ctrl-C leaves no process and no folder, even when it is told twice', { timeout: 90_000 }, async () => {
  const run = rehearse(root, '--control', 'none', '--report', path.join(folder, 'report'));
  await run.said('embedded is ready');
  const children = await descendants(run.child.pid ?? 0);

  run.child.kill('SIGINT');
  run.child.kill('SIGINT');
  const { code, stderr } = await run.ended;

  expect(stderr).toContain('interrupted; everything is taken down');
  expect(code).toBe(130);
  expect((await readdir(folder)).filter((name) => name.startsWith('zerodrop-rehearsal-'))).toEqual([]);
  expect(children.length).toBeGreaterThan(0);
  // A compiler that lost its input takes a moment to notice.
  await vi.waitFor(() => expect(children.filter(isAlive)).toEqual([]), 5_000);
});

async function descendants(parent: number): Promise<readonly number[]> {
  const ps = spawn('ps', ['-o', 'pid=', '--ppid', String(parent)]);
  let text = '';
  ps.stdout.on('data', (part: Buffer) => (text += part.toString()));
  await new Promise((resolve) => ps.once('close', resolve));
  return text.trim().split(/\s+/).map(Number);
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}
