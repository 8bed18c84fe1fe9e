import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../../errors.ts';
import type { Observe } from '../../rollout/observation.ts';
import { makeWatch, type Watch } from '../../rollout/watch.ts';
import type { Repository, Target, Venue } from '../cluster.ts';
import { stageEmbedded } from '../embedded/cluster.ts';
import { takeAllDown } from '../left-behind.ts';
import { applicationsIn, chosenApplication, readRehearsed, type Rehearsed } from '../manifests/rehearsed.ts';
import { settle } from '../manifests/settle.ts';
import type { RehearsalOptions } from '../options.ts';
import type { PlayRecord } from '../record.ts';
import { makeScratch, type Scratch, scratchEnvironment } from '../scratch.ts';
import type { Steps } from '../terminal.ts';

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

/** The name of the Application that is played. Throws {@link UsageError} where the name that is asked for is none's. */
async function applicationToPlay(
  { applications, firstEnvironment }: Repository,
  directory: string,
  named: string | null,
) {
  return chosenApplication(await applicationsIn(directory, applications), named ?? (await firstEnvironment(directory)));
}

/** Reads an Application with its Deployment, which is made where nothing was released yet. Throws {@link UsageError} where there is none. */
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
  throw new UsageError(`The folder of Application ${name} has no Deployment to rehearse. Release an image first.`);
}

/** What a venue is opened with. */
export interface Setting {
  readonly on: 'embedded' | 'context';
  readonly options: RehearsalOptions;
  readonly scratch: Scratch;
  readonly repository: Repository;
  /** The name of the Deployment. */
  readonly service: string;
  /** A folder of the play's own. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly observe: Observe;
  say(what: string): void;
  readonly signal: AbortSignal;
}

/** Opens the cluster that the options name. */
async function openVenue(setting: Setting): Promise<Venue> {
  const { context } = setting.options;
  if (setting.on === 'embedded' || context === null) return embeddedVenue(setting);
  // Only here: the client of a real cluster takes a second to load.
  const { openContext } = await import('../kubernetes/cluster.ts');
  return openContext({ ...setting, options: context });
}

function embeddedVenue({ options, repository, scratch, folder, observe }: Setting): Venue {
  return {
    // What is compared with a real cluster must be exposed as it is there: the traffic depends on it.
    place: {
      repository: pathToFileURL(scratch.remote).href,
      namespace: null,
      expose: options.context?.expose ?? null,
    },
    deliver: async () => undefined,
    open: async ({ application, image }) =>
      stageEmbedded({
        directory: scratch.directory,
        remote: scratch.remote,
        applications: repository.applications,
        application: application.name,
        image,
        workDirectory: folder,
        endpointLagMs: options.endpointLagMs,
        build: repository.build,
        validate: repository.validate,
        observe,
      }),
    strike: async () => undefined,
  };
}
