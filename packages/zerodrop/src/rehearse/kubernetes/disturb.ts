import { readFileSync } from 'node:fs';
import { UsageError } from '../../errors.ts';
import { expectedOneOf } from '../../options.ts';
import { run } from '../../program.ts';
import { ApiError, type Cluster, isNotFound, read } from '../../rollout/kubernetes/api.ts';
import { podsPath } from '../../rollout/kubernetes/objects.ts';
import { at, isFields } from '../manifests/object.ts';
import { moveAway } from '../scratch.ts';

/** A part of a cluster, or what it works with, that can be away for a while. */
export type Part = 'git' | 'registry' | 'argo-cd' | 'api-server';

/** What a scene does to a cluster; what is not here can't be done to this one. */
export interface Disturbances {
  /** Ends the processes of a pod by SIGKILL. */
  readonly kill?: (pod: string) => Promise<void>;
  /** Asks for the eviction of a pod. Says whether it is granted: a budget may forbid it for now. */
  readonly evict?: (pod: string) => Promise<boolean>;
  /** From now on an endpoint's change takes so long to reach the traffic. */
  readonly lag?: (ms: number) => void;
  /** Takes a part away, or brings it back. */
  readonly outage?: (part: Part, isAway: boolean) => Promise<void>;
}

/** How the owner of a cluster takes parts of it away and brings them back: commands of this machine, as lists of words. */
export interface OwnCluster {
  readonly 'argo-cd'?: Outage | undefined;
  readonly 'api-server'?: Outage | undefined;
  readonly registry?: Outage | undefined;
  /** Kills the processes of a pod by SIGKILL; `{uid}` in it is the pod's. */
  readonly kill?: readonly string[] | undefined;
}

/** How a part is taken away, and brought back. */
interface Outage {
  readonly away: readonly string[];
  readonly back: readonly string[];
}

/** A cluster with a play on it. */
interface Disturbed {
  readonly cluster: Cluster;
  readonly ownCluster: OwnCluster | null;
  /** The bare repository of the play. */
  readonly remote: string;
}

/** What a scene may do to the cluster: evict pods of its own, and to a cluster that is one's own what its owner says. */
export function disturbances(
  { cluster, ownCluster, remote }: Disturbed,
  namespace: string,
  signal: AbortSignal,
): Disturbances {
  const here = { directory: process.cwd(), environment: process.env, signal };
  const call = async ([program = '', ...args]: readonly string[]): Promise<void> =>
    void (await run(here, program, ...args));
  return {
    async evict(pod) {
      const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod, namespace } };
      const path = `${podsPath(namespace)}/${pod}/eviction`;
      const asked = { method: 'POST', path, contentType: 'application/json', body: JSON.stringify(body) } as const;
      return cluster.request(asked).then(
        () => true,
        (error: unknown) => {
          if (error instanceof ApiError && error.status === 429) return false;
          if (isNotFound(error)) return true;
          throw error;
        },
      );
    },
    async kill(pod) {
      const { metadata } = await read<{ metadata: { uid: string } }>(cluster, `${podsPath(namespace)}/${pod}`);
      await call((ownCluster?.kill ?? []).map((word) => word.replaceAll('{uid}', metadata.uid)));
    },
    async outage(part, isAway) {
      if (part === 'git') return moveAway(remote, isAway);
      const outage = ownCluster?.[part];
      if (outage !== undefined) await call(isAway ? outage.away : outage.back);
    },
  };
}

/**
 * What is wrong with an image on purpose: it does not exist, or not before the registry is back; it ends before it listens; it never gets
 * ready, or too late; it is ready and answers with errors.
 */
export type ImageFault = 'missing' | 'withheld' | 'crash' | 'never ready' | 'late' | 'errors';

/** Faults as the example service has them baked in (service/faults.ts). An image that is not there has none. */
export const bakedFaults: Readonly<Record<ImageFault, object>> = {
  missing: {},
  withheld: {},
  crash: { crashAtStart: true },
  'never ready': { neverReady: true },
  // An hour: far longer than any deadline here.
  late: { startupDelayMs: 3_600_000 },
  errors: { failureRate: 1 },
};

/** A reference to an image that no registry has. */
export function missingImage(repository: string, version: string): string {
  return `${repository}:${version}@sha256:${'0'.repeat(64)}`;
}

const parts = ['argo-cd', 'api-server', 'registry'] as const;

/** Reads the file of --own-cluster. Throws {@link UsageError} with a sentence. */
export function readOwnCluster(file: string): OwnCluster {
  const said = objectIn(file);
  const known = ['kill', ...parts];
  for (const [name, value] of Object.entries(said)) {
    if (!known.includes(name)) {
      throw new UsageError(`--own-cluster ${file} has ${JSON.stringify(name)}, ${expectedOneOf(known, name)}`);
    }
    const commands = name === 'kill' ? [value] : [at(value, 'away'), at(value, 'back')];
    if (commands.every(isCommand)) continue;
    const expected = name === 'kill' ? '["./kill-pod", "{uid}"]' : '{"away": ["./stop"], "back": ["./start"]}';
    throw new UsageError(
      `--own-cluster ${file} has ${JSON.stringify(value)} for ${name}, but commands are expected as lists of words, such as ${expected}.`,
    );
  }
  return said;
}

function objectIn(file: string): OwnCluster {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (isFields(value)) return value;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`--own-cluster is ${file}, which can't be read as JSON: ${why}`, { cause });
  }
  throw new UsageError(`--own-cluster is ${file}, but a file with an object of JSON is expected.`);
}

function isCommand(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string');
}
