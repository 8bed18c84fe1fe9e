import { setTimeout as pause } from 'node:timers/promises';
import type { Files } from './manifest.ts';
import { type Observation, underLoad } from './observation.ts';
import type { Play } from './play.ts';
import { Stage, type Surroundings } from './stage.ts';

const usual = { rate: 50, tailSeconds: 12 };

/** Plays one example of a rule under load, in a namespace of its own, and takes it down. */
export async function playExample(
  around: Surroundings,
  play: Play,
  name: string,
  before: Files,
  changed: Files,
): Promise<Observation> {
  const { acts = [], rate = usual.rate, tailSeconds = usual.tailSeconds } = play;
  const stage = await Stage.open(around, play, name, before);
  const isReleased = acts.some((act) => act === 'release' || act === 'mend') && !acts.includes('revert');
  try {
    await stage.begin(changed);
    const answers = await underLoad(stage.url, rate, play.ends ?? (isReleased ? 'v2' : 'v1'), async () => {
      await pause(2_000, undefined, { signal: around.signal });
      await stage.change(changed);
      for (const act of acts) await stage.act(act);
      await stage.watchFor(tailSeconds);
    });
    return { ...answers, ...(await stage.seen()) };
  } finally {
    await stage.strike();
  }
}
