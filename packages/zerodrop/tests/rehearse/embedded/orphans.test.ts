import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { processesOf } from './processes.ts';
import { deployment, makeTinyRepository, service } from './tiny-repository.ts';

const giveUpMs = 5_000;

test('ends every process when the one that staged it is killed', async () => {
  const repository = makeTinyRepository();
  const { directory, remote, folder } = repository;
  const parent = fork(fileURLToPath(new URL('staging.ts', import.meta.url)), [directory, remote, folder], {
    execArgv: ['--import', 'tsx'],
  });
  try {
    const [image] = (await once(parent, 'message')) as [string];
    repository.write('manifests/staging/tiny.yaml', service, deployment(image));
    repository.push();
    parent.send('follow');
    await once(parent, 'message');
    const own = `${folder}/embedded/`;
    // The two programs and the two pods.
    await expect.poll(() => processesOf(own), { timeout: 10_000 }).toHaveLength(4);

    parent.kill('SIGKILL');
    for (let waitedMs = 0; processesOf(own).length > 0 && waitedMs < giveUpMs; waitedMs += 50) await pause(50);
    expect(processesOf(own)).toEqual([]);
  } finally {
    parent.kill('SIGKILL');
    repository.dispose();
  }
});
