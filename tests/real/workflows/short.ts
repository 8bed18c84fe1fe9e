import assert from 'node:assert/strict';
import { say } from '../play.ts';
import { faultOf, type Scene } from './broken.ts';
import { fork, release, rollBack } from './scenes.ts';
import { openStage, type Stage } from './stage.ts';
import { open } from './steps.ts';

/** The scenes of the play that take no cluster, each from the beginning. */
const scenes: Readonly<Record<Scene, (stage: Stage) => Promise<void>>> = {
  async release(stage) {
    await stage.branch('improve', "process.env['PLAY_ONE'] ??= 'yes';");
    await release(stage, await stage.github.propose('improve', open(stage, 'improve')), null);
  },
  async rollback(stage) {
    await stage.releaseByHand('production');
    await rollBack(stage, null);
  },
  async fork(stage) {
    const strange = await fork(stage);
    await strange();
  },
};

/**
 * Plays the scenes that notice these faults, first as the workflows are and then with each of the faults, on this machine alone. Throws
 * where a scene ends otherwise than it should without a fault, and where no assertion notices a fault.
 */
export async function playBroken(act: string, names: readonly string[]): Promise<void> {
  const stage = await openStage(act, false);
  for (const scene of new Set(names.map((name) => faultOf(name).scene))) {
    say(`== ${scene}: nothing is broken`);
    await stage.begin(null);
    await scenes[scene](stage);
  }
  const unnoticed: string[] = [];
  for (const name of names) {
    say(`== ${name}`);
    await stage.begin(name);
    try {
      await scenes[faultOf(name).scene](stage);
      unnoticed.push(name);
    } catch (error) {
      // Anything else is no verdict.
      if (!(error instanceof assert.AssertionError)) throw error;
      say(`${name} is noticed: ${error.message.split('\n')[0]}`);
    }
  }
  assert.deepEqual(unnoticed, [], `Nothing notices ${unnoticed.join(', ')}.`);
}
