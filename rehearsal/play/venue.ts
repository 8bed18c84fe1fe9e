import { pathToFileURL } from 'node:url';
import type { Observe } from 'zerodrop/rollout';
import { stageEmbedded } from '../embedded/target.ts';
import type { RehearsalOptions } from '../options.ts';
import type { Repository } from '../repository.ts';
import type { Scratch } from '../scratch/scratch.ts';
import type { Venue } from '../venue.ts';

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
export async function openVenue(setting: Setting): Promise<Venue> {
  const { context } = setting.options;
  if (setting.on === 'embedded' || context === null) return embeddedVenue(setting);
  // Only here: the client of a real cluster takes a second to load.
  const { openContext } = await import('../context/venue.ts');
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
