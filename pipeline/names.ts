import { UsageError } from 'zerodrop/errors';
import { email } from '../cluster/identities.ts';
import { resolveGoogle } from '../settings/google/resolve.ts';
import { loadSettings } from '../settings/load.ts';
import { isRecord } from '../settings/sentences.ts';
import { type Cluster, firstOf, type Settings } from '../settings/settings.ts';
import {
  type Ended,
  ended,
  knownEnvironment,
  readArguments,
  required,
  requiredCluster,
  stepOutputs,
} from './command.ts';

/**
 * What the workflows need to know of settings.ts, so that nobody writes it down a second time as a variable at GitHub.
 * Service accounts are named after what they may do.
 */
export function names({ google }: Pick<Cluster, 'google'>): Readonly<Record<string, string>> {
  const resolved = resolveGoogle(google);
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

/** The cluster that an environment is on. */
export function clusterOf({ clusters, environments }: Settings, environment: string): Cluster {
  const wanted = environments.find(({ name }) => name === environment)?.cluster;
  return clusters.find(({ name }) => name === wanted) ?? firstOf(clusters);
}

/** The cluster whose project keeps the images: its identity `push` may push them. The first one where they are elsewhere. */
export function imageCluster({ clusters, services }: Settings): Cluster {
  const projects = new Set(services.map(({ image }) => image.split('/')[1]));
  return clusters.find(({ google }) => projects.has(google.project)) ?? firstOf(clusters);
}

/** The host of the images that a cluster's project keeps; null where they are elsewhere. */
export function registryOf(
  { services }: Pick<Settings, 'services'>,
  { google }: Pick<Cluster, 'google'>,
): string | null {
  const own = services.map(({ image }) => image.split('/')).find(([, project]) => project === google.project);
  return own?.[0] ?? null;
}

/**
 * The federation's provider of a cluster, from the variable at GitHub that has them: the name alone for an only cluster, else a line
 * `CLUSTER=NAME` for each. Empty without the variable, and throws {@link UsageError} where it lacks the cluster.
 */
export function providerOf({ clusters }: Settings, cluster: string, variable: string): string {
  const lines = variable.split('\n').map((line) => line.trim());
  const own = lines.find((line) => line.startsWith(`${cluster}=`))?.slice(cluster.length + 1);
  if (own !== undefined) return own;
  if (variable.trim() === '' || clusters.length === 1) return variable.trim();
  throw new UsageError(
    `The variable GOOGLE_WORKLOAD_IDENTITY_PROVIDER has no line for the cluster ${cluster}. Add one: ${cluster}=projects/NUMBER/locations/global/workloadIdentityPools/NAME-github/providers/github.`,
  );
}

/** `names [--environment NAME | --cluster NAME]`: what the settings say of a cluster, as a step's outputs. */
export async function namesCommand(args: readonly string[]): Promise<Ended> {
  const { values } = readArguments(args, { environment: { type: 'string' }, cluster: { type: 'string' } });
  const settings = await loadSettings('.');
  if (values.environment !== undefined && values.cluster !== undefined) {
    throw new UsageError(
      '--environment and --cluster are both given, but an environment is on one cluster. Leave one out.',
    );
  }
  const cluster =
    values.environment !== undefined
      ? clusterOf(settings, knownEnvironment(values.environment, settings))
      : values.cluster !== undefined
        ? requiredCluster(values.cluster, settings)
        : imageCluster(settings);
  const provider = providerOf(settings, cluster.name, process.env['GOOGLE_WORKLOAD_IDENTITY_PROVIDER'] ?? '');
  const registry = registryOf(settings, cluster);
  return ended(
    stepOutputs({
      ...names(cluster),
      ...(registry !== null && { registry }),
      ...(provider !== '' && { provider }),
    }),
  );
}

/** `clusters`: the names of all, as a JSON list for a matrix. */
export async function clustersCommand(args: readonly string[]): Promise<Ended> {
  readArguments(args, {});
  const { clusters } = await loadSettings('.');
  return ended(stepOutputs({ clusters: JSON.stringify(clusters.map(({ name }) => name)) }));
}

/** Longer than GitHub takes to answer, and short beside a rollback. */
const limitMs = 10_000;

/** The API of a GitHub, its web address, and the token of an App. */
interface Place {
  readonly api: string;
  readonly server: string;
  readonly token: string;
}

/**
 * The address that an App commits with. GitHub links a commit to the App by the number in it; where the API does not say the
 * number there is none in it, because a missing link must not stop a rollback.
 *
 * @param slug the App's name in its address at GitHub
 */
export async function appAddress({ api, server, token }: Place, slug: string): Promise<string> {
  const number = await userNumber(`${api}/users/${encodeURIComponent(`${slug}[bot]`)}`, token);
  return `${number === null ? '' : `${number}+`}${slug}[bot]@users.noreply.${new URL(server).host}`;
}

async function userNumber(url: string, token: string): Promise<number | null> {
  try {
    const headers = { authorization: `Bearer ${token}` };
    const user: unknown = await (await fetch(url, { headers, signal: AbortSignal.timeout(limitMs) })).json();
    return isRecord(user) && typeof user['id'] === 'number' ? user['id'] : null;
  } catch {
    return null;
  }
}

/** `address --app SLUG`: the address that an App commits with. */
export async function addressCommand(args: readonly string[]): Promise<Ended> {
  const { values } = readArguments(args, { app: { type: 'string' } });
  const place = {
    api: process.env['GITHUB_API_URL'] ?? 'https://api.github.com',
    server: process.env['GITHUB_SERVER_URL'] ?? 'https://github.com',
    token: required('The variable GH_TOKEN', process.env['GH_TOKEN']),
  };
  return ended(`${await appAddress(place, required('--app', values.app))}\n`);
}
