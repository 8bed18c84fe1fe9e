import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { makePorts } from '../../../src/rehearse/embedded/pods/system.ts';
import type { ImageFault } from '../../../src/rehearse/kubernetes/disturb.ts';
import type { Manifest } from '../../../src/rehearse/manifests/object.ts';
import { badProgram } from '../../../src/rehearse/play/embedded.ts';
import { deployment } from '../embedded/tiny-repository.ts';

const tiny = deployment('registry.test/tiny:v1') as Manifest;

async function start(fault: ImageFault): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const port = await makePorts()();
  const env = { PORT: String(port), HOST: '127.0.0.1', DRAIN_MS: '50' };
  const child = spawn(process.execPath, ['-e', badProgram(tiny, 'DRAIN_MS', fault)?.text ?? ''], {
    env,
    stdio: 'ignore',
  });
  return { child, url: `http://127.0.0.1:${port}` };
}

async function status(url: string, agent: string): Promise<number> {
  for (;;) {
    const answer = await fetch(url, { headers: { 'user-agent': agent } }).catch(() => null);
    if (answer !== null) return answer.status;
  }
}

test('a version that crashes ends with 1', async () => {
  const { child } = await start('crash');

  expect(await once(child, 'exit')).toEqual([1, null]);
});

test('a version that answers with errors is ready for the kubelet, and ends after its drain', async () => {
  const { child, url } = await start('errors');

  expect(await status(`${url}/readyz`, 'kube-probe/1.35')).toBe(200);
  expect(await status(`${url}/readyz`, 'load')).toBe(500);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('a version that never gets ready lives', async () => {
  const { child, url } = await start('never ready');

  expect(await status(`${url}/readyz`, 'kube-probe/1.35')).toBe(503);
  expect(await status(`${url}/livez`, 'kube-probe/1.35')).toBe(200);
  child.kill('SIGKILL');
});

test('an image that is not there has no program', () => {
  expect(badProgram(tiny, 'DRAIN_MS', 'missing')).toBeUndefined();
  expect(badProgram(tiny, 'DRAIN_MS', undefined)).toBeUndefined();
});
