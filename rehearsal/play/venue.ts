import type { Observe } from 'zerodrop/rollout';
import { exposed } from '../context/settings.ts';
import { stageEmbedded } from '../embedded/target.ts';
import type { RehearsalOptions } from '../options.ts';
import type { Scratch } from '../scratch/scratch.ts';
import type { Venue } from '../venue.ts';

/** What a venue is opened with. */
export interface Setting {
  readonly on: 'embedded' | 'context';
  readonly options: RehearsalOptions;
  readonly scratch: Scratch;
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

function embeddedVenue({ options, scratch, folder, observe }: Setting): Venue {
  return {
    // What is compared with a real cluster must be exposed as it is there: the drain depends on it.
    place: (rehearsed) => (options.context === null ? rehearsed : exposed(rehearsed, options.context.expose)),
    deliver: async () => undefined,
    open: async ({ name, settings }) =>
      stageEmbedded({
        directory: scratch.directory,
        remote: scratch.remote,
        environment: name,
        image: settings.image,
        workDirectory: folder,
        endpointLagMs: options.endpointLagMs,
        observe,
      }),
    strike: async () => undefined,
  };
}
