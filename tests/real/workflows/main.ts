import assert from 'node:assert/strict';
import path from 'node:path';
import { perform, say } from '../play.ts';
import { faultNames } from './broken.ts';
import { badRelease, changed, fork, queued, rollBack } from './scenes.ts';
import { playBroken } from './short.ts';
import { openStage } from './stage.ts';

// The repository's own workflows on nektos/act, from a pull request to production and back, against a GitHub of this machine and a real
// Kubernetes with a real Argo CD. Requests run against both environments all the while, and none may be lost. .ci/workflows starts it.

const [act = '', ...names] = process.argv.slice(2);

if (names.length === 0) await perform(play);
else await perform(() => playBroken(path.resolve(act), names.includes('all') ? faultNames : names));

async function play(): Promise<void> {
  const stage = await openStage(path.resolve(act), true);
  const traffic = await stage.rollOut();
  await changed(stage, traffic);
  await rollBack(stage, traffic);
  // The rollout that fails takes its time: a stranger's pull request is checked meanwhile.
  const strange = await fork(stage);
  await Promise.all([badRelease(stage, traffic), strange()]);
  const repeat = await queued(stage, traffic);
  await repeat();

  assert.equal(stage.host.open(), 0, 'A token of the App outlives its job.');
  for (const [environment, { samples, stop }] of Object.entries(traffic)) {
    await stop();
    const lost = samples.filter(({ failure }) => failure !== null);
    say(`${environment}: ${lost.length} of ${samples.length} requests lost`);
    assert.deepEqual(lost.slice(0, 5), []);
    assert.ok(samples.length > 0);
  }
}
