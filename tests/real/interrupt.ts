import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

// Interrupts a rehearsal on a real cluster in each of its scenes. It must leave nothing in the cluster, no process and no
// file. .ci/lab-rehearsal starts it.

const execute = promisify(execFile);
const context = process.env['CONTEXT'] ?? 'lab';
const registry = process.env['REGISTRY'] ?? '127.0.0.1:5000';

/** When each scene is interrupted: so long after the rehearsal has said this. */
const scenes = [
  { said: 'settings', afterMs: 0, scene: 'before anything is made' },
  { said: 'is ready', afterMs: 500, scene: 'while images are built' },
  { said: 'is published', afterMs: 300, scene: 'in the first sync' },
  { said: 'is published', afterMs: 4_000, scene: 'in the first rollout' },
  { said: 'load of', afterMs: 500, scene: 'under load' },
  { said: 'load of', afterMs: 6_000, scene: 'in mid-release' },
];

for (const { said, afterMs, scene } of scenes) {
  const folder = await mkdtemp(path.join(tmpdir(), 'zerodrop-interrupt-'));
  try {
    const { exitCode, stderr } = await interrupted(folder, said, afterMs);
    assert.equal(exitCode, 130, `${scene}: ${stderr}`);
    assert.match(stderr, /interrupted; everything is taken down/, scene);
    assert.deepEqual(await leftInCluster(), [], scene);
    assert.deepEqual(await leftRunning(folder), [], scene);
    const files = (await readdir(folder)).filter((name) => name.startsWith('zerodrop-rehearsal-'));
    assert.deepEqual(files, [], scene);
    process.stdout.write(`interrupted ${scene}: nothing is left\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a rehearsal whose temporary files are in `folder`, and interrupts it. */
async function interrupted(
  folder: string,
  said: string,
  afterMs: number,
): Promise<{ readonly exitCode: number | null; readonly stderr: string }> {
  const report = path.join(folder, 'report');
  const args = ['--context', context, '--registry', registry, '--control', 'none', '--report', report];
  const child = spawn(
    process.execPath,
    ['--conditions=zerodrop-source', '--import', 'tsx', 'release/rehearse.ts', ...args],
    {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let stderr = '';
  let isTold = false;
  child.stderr.on('data', (text: Buffer) => {
    stderr += text.toString();
    if (isTold || !stderr.includes(said)) return;
    isTold = true;
    void pause(afterMs).then(() => child.kill('SIGINT'));
  });
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { exitCode, stderr };
}

async function leftInCluster(): Promise<readonly string[]> {
  const kinds = 'namespaces,applications.argoproj.io,appprojects.argoproj.io';
  const { stdout } = await execute('kubectl', [
    '--context',
    context,
    'get',
    kinds,
    '--all-namespaces',
    '--output=name',
  ]);
  return stdout.split('\n').filter((name) => name.includes('-rehearsal-'));
}

async function leftRunning(folder: string): Promise<readonly string[]> {
  const { stdout } = await execute('ps', ['-e', '-o', 'pid=,args=']);
  return stdout.split('\n').filter((line) => line.includes(folder));
}
