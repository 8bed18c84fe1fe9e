import { LeftBehind } from '../left-behind.ts';
import type { PlayRecord } from '../record.ts';
import { play } from './play.ts';
import { type Production, setStage } from './stage.ts';

/** A play that was played, and what of it could not be taken down. */
export interface Played {
  readonly record: PlayRecord;
  readonly left: LeftBehind | null;
}

/** Sets the stage, plays, and takes everything down. Throws where it could not be played. */
export async function playWhole(production: Production): Promise<Played> {
  const stage = await setStage(production);
  const record = await play(stage).catch(async (error: unknown) => {
    production.steps.end();
    await stage.strike();
    throw error;
  });
  production.steps.end();
  return { record, left: await strikeOrTell(stage) };
}

/** A record that is whole must not be lost because something stays in the cluster. */
export async function strikeOrTell(stage: { strike(): Promise<void> }): Promise<LeftBehind | null> {
  try {
    await stage.strike();
    return null;
  } catch (error) {
    if (error instanceof LeftBehind) return error;
    throw error;
  }
}
