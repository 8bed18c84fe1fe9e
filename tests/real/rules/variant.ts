import { setTimeout as pause } from 'node:timers/promises';
import { type Sample, startLoad } from 'zerodrop/tests/rehearse/parts.ts';
import type { Files } from './manifest.ts';
import { type Observation, tally, wrongVersion } from './observation.ts';
import type { Play } from './play.ts';
import { Stage, type Surroundings } from './stage.ts';

const usual = { rate: 50, tailSeconds: 12 };
/** For how long before the end every answer has to be of the right version. */
const lastMs = 3_000;

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
  const samples: Sample[] = [];
  try {
    await stage.begin(changed);
    const load = await startLoad({
      url: stage.url,
      rate: rate / 2,
      onSamples: (batch) => void samples.push(...batch),
    });
    try {
      await pause(2_000, undefined, { signal: around.signal });
      await stage.change(changed);
      for (const act of acts) await stage.act(act);
      await stage.watchFor(tailSeconds);
    } finally {
      await load.stop();
    }
    const endedAt = Math.max(...samples.map(({ sentAt }) => sentAt));
    const isReleased = acts.some((act) => act === 'release' || act === 'mend') && !acts.includes('revert');
    const version = wrongVersion(samples, endedAt - lastMs, play.ends ?? (isReleased ? 'v2' : 'v1'));
    return { ...tally(samples), ...(await stage.seen()), ...(version === undefined ? {} : { version }) };
  } finally {
    await stage.strike();
  }
}
