import { email } from '../cluster/identities.ts';
import { resolveGoogle } from '../settings/google/resolve.ts';
import { loadSettings } from '../settings/load.ts';
import { type Settings, firstOf } from '../settings/settings.ts';
import { type Ended, ended, knownEnvironment, readArguments, stepOutputs } from './command.ts';

/**
 * What the workflows need to know of settings.ts, so that nobody writes it down a second time as a variable at GitHub.
 * Service accounts are named after what they may do.
 *
 * @param environment the one whose cluster is asked for; the first cluster where it names none
 */
export function names({ clusters, environments }: Settings, environment?: string): Readonly<Record<string, string>> {
  const wanted = environments.find(({ name }) => name === environment)?.cluster;
  const resolved = resolveGoogle((clusters.find(({ name }) => name === wanted) ?? firstOf(clusters)).google);
  return {
    project: resolved.project,
    location: resolved.location,
    cluster: resolved.name,
    'state-bucket': resolved.stateBucket,
    push: email(resolved, 'push'),
    plan: email(resolved, 'plan'),
    apply: email(resolved, 'apply'),
    verify: email(resolved, 'verify'),
  };
}

/** `names [--environment NAME]`: what the settings say of the cluster, as a step's outputs. */
export async function namesCommand(args: readonly string[]): Promise<Ended> {
  const { values } = readArguments(args, { environment: { type: 'string' } });
  const settings = await loadSettings('.');
  const environment = values.environment === undefined ? undefined : knownEnvironment(values.environment, settings);
  return ended(stepOutputs(names(settings, environment)));
}
