import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadSettings } from '../../settings/load.ts';
import type { EnvironmentSettings } from '../../settings/settings.ts';
import { stageEmbedded } from '../embedded/target.ts';
import type { RehearsalOptions } from '../options.ts';
import type { PlayRecord } from '../record.ts';
import { makeScratch, type Scratch } from '../scratch/scratch.ts';
import { rehearsedSettings } from '../scratch/settings.ts';
import type { Target } from '../target.ts';
import type { Steps } from '../terminal/steps.ts';
import { makeWatch, type Watch } from './watch.ts';

/** Everything that one play needs, set up and ready. */
export interface Stage {
  readonly settings: PlayRecord['settings'];
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

/** Makes the scratch clone, takes the settings of the play into it, and boots the target. */
export async function setStage(
  project: string,
  folder: string,
  settings: PlayRecord['settings'],
  options: RehearsalOptions,
  steps: Steps,
  signal: AbortSignal,
): Promise<Stage> {
  const own = path.join(folder, settings);
  await mkdir(own);
  const scratch = await makeScratch(project, own, process.env, signal);
  const committed = await loadSettings(scratch.directory);
  const rehearsed = rehearsedSettings(committed, pathToFileURL(scratch.remote).href, settings, options);
  await scratch.settle(rehearsed.settings, rehearsed.name);
  steps.done(
    `scratch clone of ${scratch.revision.slice(0, 7)} with ${settings === 'ours' ? 'our' : 'the original'} settings`,
  );
  const watch = makeWatch(signal);
  const target = await stageEmbedded({
    directory: scratch.directory,
    remote: scratch.remote,
    environment: rehearsed.name,
    image: rehearsed.settings.image,
    workDirectory: own,
    endpointLagMs: options.endpointLagMs,
    observe: (observed) => watch.see(observed),
  });
  steps.done('embedded cluster booted');
  const takeDowns = [async (): Promise<void> => target.strike()];
  return {
    settings,
    environment: { name: rehearsed.name, settings: rehearsed.environment },
    options,
    scratch,
    target,
    watch,
    steps,
    signal,
    onStrike: (takeDown) => void takeDowns.push(takeDown),
    async strike() {
      for (const takeDown of takeDowns.splice(0).toReversed()) await takeDown();
    },
  };
}
