import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ProgramError } from '../src/errors.ts';
import { type Call, run, runProgram } from '../src/program.ts';
import { scratch } from './repository.ts';

const call = (other: Partial<Call> = {}): Call => ({
  directory: scratch(),
  environment: process.env,
  limitMs: 20_000,
  signal: new AbortController().signal,
  ...other,
});

test('tells what a program printed, and how it ended', async () => {
  expect(await runProgram(call({ input: 'in' }), 'sh', '-c', 'cat; echo err >&2; exit 7')).toEqual({
    exitCode: 7,
    stdout: 'in',
    bytes: Buffer.from('in'),
    stderr: 'err\n',
  });
  expect(await runProgram(call(), 'sh', '-c', 'kill -9 $$')).toMatchObject({
    exitCode: null,
    stderr: '\nsh was ended by SIGKILL.',
  });
});

test('stops what takes too long, with what it started', async () => {
  const ran = await runProgram(call({ limitMs: 300, name: 'git push' }), 'sh', '-c', 'sleep 600 & echo $!; wait');
  expect(ran).toMatchObject({ exitCode: null, stderr: '\ngit push did not end within 0.3 s and was stopped.' });
  const state = spawnSync('ps', ['-o', 'stat=', '-p', ran.stdout.trim()], { encoding: 'utf8' }).stdout.trim();
  expect(state).toMatch(/^(?:Z.*)?$/);
});

test('does not wait for what a program leaves behind', async () => {
  // In a group of its own and with our pipes open, as ssh leaves its shared connections.
  const leaving = `const { spawn } = require('node:child_process');
    const left = spawn('sleep', ['600'], { detached: true, stdio: 'inherit' });
    left.unref();
    console.log(left.pid);`;
  const ran = await runProgram(call(), process.execPath, '-e', leaving);
  expect(ran.exitCode).toBe(0);
  process.kill(Number(ran.stdout), 'SIGKILL');
});

test('ends at once when it is told to, and says what it was at', async () => {
  const interruption = new AbortController();
  const running = runProgram(call({ signal: interruption.signal }), 'sleep', '600');
  interruption.abort();
  await expect(running).rejects.toThrow('Interrupted while sleep was at work.');
  await expect(runProgram(call({ signal: AbortSignal.abort() }), 'sleep', '600')).rejects.toThrow('Interrupted');
});

test('says what is not installed', async () => {
  await expect(runProgram(call(), 'no-such-program')).rejects.toThrow(
    'no-such-program is not installed, or not on PATH. Fix that, and run this again.',
  );
});

test('throws how a program ended that failed, and quotes it', async () => {
  const failure = run(call(), 'sh', '-c', 'echo settings.ts: x. >&2; exit 2');
  await expect(failure).rejects.toThrow(ProgramError);
  await expect(failure).rejects.toMatchObject({ code: 2, said: 'settings.ts: x.' });
  await expect(failure).rejects.toThrow(/failed in .*: settings\.ts: x\.$/);
});

test('says of a program that is not there that it is not installed', async () => {
  await expect(run(call(), 'zerodrop-no-such-program')).rejects.toThrow('is not installed, or not on PATH');
});
