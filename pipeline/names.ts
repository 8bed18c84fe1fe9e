import { email } from '../cluster/identities.ts';
import { resolveGoogle } from '../settings/google/resolve.ts';
import { loadSettings } from '../settings/load.ts';
import { type Settings, firstOf } from '../settings/settings.ts';
import { type Ended, ended, readArguments, stepOutputs } from './command.ts';

/**
 * What the workflows need to know of settings.ts, so that nobody writes it down a second time as a variable at GitHub.
 * Service accounts are named after what they may do.
 */
export function names({ services, clusters }: Settings): Readonly<Record<string, string>> {
  const resolved = resolveGoogle(firstOf(clusters).google);
  const [registry = ''] = firstOf(services).image.split('/');
  return {
    project: resolved.project,
    location: resolved.location,
    cluster: resolved.name,
    registry,
    'state-bucket': resolved.stateBucket,
    push: email(resolved, 'push'),
    plan: email(resolved, 'plan'),
    apply: email(resolved, 'apply'),
    verify: email(resolved, 'verify'),
  };
}

/** `names`: what the settings say, as a step's outputs. */
export async function namesCommand(args: readonly string[]): Promise<Ended> {
  readArguments(args, {});
  return ended(stepOutputs(names(await loadSettings('.'))));
}
