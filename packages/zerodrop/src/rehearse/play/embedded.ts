import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { V1PodSpec } from '@kubernetes/client-node';
import { UsageError } from '../../errors.ts';
import { runProgram } from '../../program.ts';
import type { ClusterRequest, RehearsalCluster } from '../cluster.ts';
import { openEmbeddedCluster } from '../embedded/cluster.ts';
import { keysAmong, refusals } from '../manifests/needs.ts';
import { at, type Manifest, readObjects, serviceContainer } from '../manifests/object.ts';
import type { Rehearsed } from '../manifests/rehearsed.ts';

/** Throws {@link UsageError} with each field of the pods that can't be run. What would be left out silently may be what loses a request. */
function refuseUnsupported(deployment: Manifest, objects: readonly Manifest[]): void {
  const pod = at(deployment, 'spec', 'template', 'spec');
  const built = serviceContainer(deployment)?.['name'];
  const found = refusals(pod as V1PodSpec, {
    hasProgram: (container) => container === built,
    keys: keysAmong(objects),
    given: {},
    mounts: 'a service that is built as one file runs on this machine as it is.',
  });
  if (found.length > 0) throw new UsageError(`The embedded cluster can't run this.\n${found.join('\n')}`);
}

/** Opens the embedded cluster for a play. */
export async function openEmbedded(request: ClusterRequest): Promise<RehearsalCluster> {
  const { options, repository, scratch, applications } = request;
  const rehearsed = await request.write({
    repository: pathToFileURL(scratch.remote).href,
    namespace: null,
    // What is compared with a real cluster must be exposed as it is there: the traffic depends on it.
    expose: options.context?.expose ?? null,
  });
  const { application, deployment } = rehearsed;
  refuseUnsupported(deployment, await readObjects(path.join(scratch.directory, application.path)));
  const program = await proxyBefore(rehearsed, request);
  return openEmbeddedCluster({
    directory: scratch.directory,
    remote: scratch.remote,
    applications,
    application: rehearsed.application.name,
    image: rehearsed.image,
    workDirectory: request.folder,
    endpointLagMs: options.endpointLagMs,
    proxy: program === null ? null : { program, healthPath: rehearsed.health?.path ?? null },
    build: repository.build,
    validate: repository.validate,
    observe: request.observe,
  });
}

/** The HAProxy that requests pass, null for none. Throws {@link UsageError} where the one that is asked for does not run. */
async function proxyBefore(
  { isRouted }: Rehearsed,
  { options, scratch, observe, say, signal }: ClusterRequest,
): Promise<string | null> {
  if (options.proxy === 'none' || (options.proxy === null && !isRouted)) return null;
  const program = options.proxy ?? 'haproxy';
  const call = { directory: scratch.directory, environment: process.env, limitMs: 5_000, signal };
  const asked = await runProgram(call, program, '-v').catch(() => null);
  signal.throwIfAborted();
  if (asked?.exitCode === 0) {
    say(`requests pass ${asked.stdout.split(/ - |\n/u)[0]}, as they pass the proxies of an L7 load balancer`);
    return program;
  }
  if (options.proxy !== null)
    throw new UsageError(`--proxy is ${program}, which does not run. Name an HAProxy, or none.`);
  const message =
    'Requests go straight to the pods, not through a proxy as those of an L7 load balancer: haproxy is not on the PATH. Install it, or say --proxy none.';
  observe({ kind: 'warning', object: 'rehearsal', reason: 'NoProxy', message, at: Date.now() });
  return null;
}
