import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { makeWatch, type Watch } from 'zerodrop/rollout';
import { takeAllDown } from '../left-behind.ts';
import { applicationsIn, chosenApplication, readRehearsed, type Rehearsed } from '../manifests/rehearsed.ts';
import { settle } from '../manifests/settle.ts';
import type { RehearsalOptions } from '../options.ts';
import type { PlayRecord } from '../record.ts';
import type { Repository } from '../repository.ts';
import { scratchEnvironment } from '../scratch/environment.ts';
import { makeScratch, type Scratch } from '../scratch/scratch.ts';
import type { Target } from '../target.ts';
import type { Steps } from '../terminal/steps.ts';
import type { Venue } from '../venue.ts';
import { WrongUse } from '../wrong-use.ts';
import { openVenue } from './venue.ts';

/** Everything that one play needs, set up and ready. */
export interface Stage {
  readonly settings: PlayRecord['settings'];
  readonly rehearsed: Rehearsed;
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
  readonly repository: Repository;
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
  const { repository, project, folder, settings, on, options, steps, signal } = production;
  const own = path.join(folder, `${on}-${settings}-${options.environment ?? 'first'}`);
  await mkdir(own);
  const scratch = await makeScratch(project, own, process.env, signal);
  const name = await applicationToPlay(repository, scratch.directory, options.environment);
  const committed = await preparedApplication(repository, scratch.directory, name, signal);
  const watch = makeWatch(signal);
  const venue = await openVenue({
    on,
    options,
    repository,
    scratch,
    service: committed.deployment.metadata.name,
    folder: own,
    environment: process.env,
    observe: (observed) => watch.see(observed),
    say: (what) => steps.done(what),
    signal,
  });
  const takeDowns = [async (): Promise<void> => venue.strike()];
  const strike = async (): Promise<void> => takeAllDown(takeDowns.splice(0).toReversed());
  try {
    const { place } = venue;
    const original = settings === 'original';
    await settle(scratch.directory, repository.applications, committed, place.repository, {
      original,
      replicas: options.replicas,
      drainMs: options.drainMs,
      drainVariable: repository.drainVariable,
      expose: place.expose,
      namespace:
        place.namespace === null ? null : { from: committed.application.destination.namespace, to: place.namespace },
    });
    await scratch.commit('Take the settings of the rehearsal');
    const rehearsed = (await readRehearsed(scratch.directory, repository.applications, name)) ?? committed;
    steps.done(`scratch clone of ${scratch.revision.slice(0, 7)} with ${original ? 'the original' : 'our'} settings`);
    const target = await venue.open(rehearsed);
    takeDowns.push(async () => target.strike());
    steps.done(`${target.name} is ready`);
    return {
      settings,
      rehearsed,
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

/** The name of the Application that is played. Throws {@link WrongUse} where the name that is asked for is none's. */
async function applicationToPlay(
  { applications, firstEnvironment }: Repository,
  directory: string,
  named: string | null,
) {
  return chosenApplication(await applicationsIn(directory, applications), named ?? (await firstEnvironment(directory)));
}

/** Reads an Application with its Deployment, which is made where nothing was released yet. Throws {@link WrongUse} where there is none. */
export async function preparedApplication(
  { applications, prepare }: Repository,
  directory: string,
  name: string,
  signal: AbortSignal,
): Promise<Rehearsed> {
  const found = await readRehearsed(directory, applications, name);
  if (found !== null) return found;
  await prepare(name, { directory, environment: scratchEnvironment(process.env), signal });
  const prepared = await readRehearsed(directory, applications, name);
  if (prepared !== null) return prepared;
  throw new WrongUse(`The folder of Application ${name} has no Deployment to rehearse. Release an image first.`);
}
