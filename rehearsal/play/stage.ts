import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeWatch, type Watch } from 'zerodrop/rollout';
import { loadSettings } from '../../settings/load.ts';
import type { EnvironmentSettings } from '../../settings/settings.ts';
import { takeAllDown } from '../left-behind.ts';
import type { RehearsalOptions } from '../options.ts';
import type { PlayRecord } from '../record.ts';
import { makeScratch, type Scratch } from '../scratch/scratch.ts';
import { rehearsedSettings } from '../scratch/settings.ts';
import type { Target } from '../target.ts';
import type { Steps } from '../terminal/steps.ts';
import type { Venue } from '../venue.ts';
import { openVenue } from './venue.ts';

/** Everything that one play needs, set up and ready. */
export interface Stage {
  readonly settings: PlayRecord['settings'];
  /** The service's name. */
  readonly service: string;
  readonly environment: { readonly name: string; readonly settings: EnvironmentSettings };
  readonly options: RehearsalOptions;
  readonly scratch: Scratch;
  readonly target: Target;
  readonly watch: Watch;
  readonly steps: Steps;
  readonly signal: AbortSignal;
  /** Has something taken down at the end; what was added last goes first. */
  onStrike(takeDown: () => Promise<void>): void;
  strike(): Promise<void>;
}

/** What a stage is set for. */
export interface Production {
  /** The project's directory. */
  readonly project: string;
  /** The folder of the run. */
  readonly folder: string;
  readonly settings: PlayRecord['settings'];
  /** A comparison plays on both, one after the other. */
  readonly on: 'embedded' | 'context';
  readonly options: RehearsalOptions;
  readonly steps: Steps;
  readonly signal: AbortSignal;
}

/** Makes the scratch clone, takes the settings of the play into it, and opens the target. */
export async function setStage(production: Production): Promise<Stage> {
  const { project, folder, settings, on, options, steps, signal } = production;
  const own = path.join(folder, `${on}-${settings}-${options.environment ?? 'first'}`);
  await mkdir(own);
  const scratch = await makeScratch(project, own, process.env, signal);
  const committed = await loadSettings(scratch.directory);
  const watch = makeWatch(signal);
  const venue = await openVenue({
    on,
    options,
    scratch,
    service: committed.service,
    folder: own,
    environment: process.env,
    observe: (observed) => watch.see(observed),
    say: (what) => steps.done(what),
    signal,
  });
  const takeDowns = [async (): Promise<void> => venue.strike()];
  const strike = async (): Promise<void> => takeAllDown(takeDowns.splice(0).toReversed());
  try {
    const rehearsed = venue.place(rehearsedSettings(committed, pathToFileURL(scratch.remote).href, settings, options));
    await scratch.settle(rehearsed.settings, rehearsed.name);
    steps.done(
      `scratch clone of ${scratch.revision.slice(0, 7)} with ${settings === 'ours' ? 'our' : 'the original'} settings`,
    );
    const target = await venue.open(rehearsed);
    takeDowns.push(async () => target.strike());
    steps.done(`${target.name} is ready`);
    return {
      settings,
      service: committed.service,
      environment: { name: rehearsed.name, settings: rehearsed.environment },
      options,
      scratch: delivered(scratch, venue),
      target,
      watch,
      steps,
      signal,
      onStrike: (takeDown) => void takeDowns.push(takeDown),
      strike,
    };
  } catch (error) {
    await strike();
    throw error;
  }
}

/** A push is made where the cluster looks for it, too. */
function delivered(scratch: Scratch, venue: Venue): Scratch {
  return {
    ...scratch,
    async push() {
      const commit = await scratch.push();
      await venue.deliver(commit);
      return commit;
    },
  };
}
