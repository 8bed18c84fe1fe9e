import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { V1PodSpec } from '@kubernetes/client-node';
import { UsageError } from '../../errors.ts';
import { run, runProgram } from '../../program.ts';
import type { ClusterRequest, PlayedSide, RehearsalCluster } from '../cluster.ts';
import { type BadProgram, openEmbeddedCluster, type OwnCommands } from '../embedded/cluster.ts';
import { findIsolation, type Isolation } from '../embedded/pods/process.ts';
import { listeningPorts } from '../embedded/pods/system.ts';
import type { ImageFault } from '../kubernetes/disturb.ts';
import { keysAmong, refusals } from '../manifests/needs.ts';
import { at, listAt, type Manifest, nameOf, readObjects, serviceContainer } from '../manifests/object.ts';
import type { Rehearsed } from '../manifests/rehearsed.ts';
import type { OwnService } from '../own-service.ts';

/** Throws {@link UsageError} with each field of the pods that can't be run. What would be left out silently may be what loses a request. */
function refuseUnsupported(
  deployment: Manifest,
  objects: readonly Manifest[],
  own: OwnService,
  isolation: Isolation | null,
): void {
  const pod = at(deployment, 'spec', 'template', 'spec');
  const released = String(serviceContainer(deployment)?.['name']);
  const names = [...(listAt(pod, 'initContainers') ?? []), ...(listAt(pod, 'containers') ?? [])].map(
    ({ name }) => name,
  );
  const stranger = Object.keys(own.commands ?? {}).find((name) => name !== '' && !names.includes(name));
  if (stranger !== undefined) {
    throw new UsageError(
      `--command ${stranger}=... is for no container of ${nameOf(deployment)}, which has ${names.join(', ')}.`,
    );
  }
  const found = refusals(pod as V1PodSpec, {
    hasProgram: (container) =>
      container === released
        ? own.commands === null || (own.commands[container] ?? own.commands['']) !== undefined
        : own.commands?.[container] !== undefined,
    keys: keysAmong(objects),
    given: own.given,
    mounts:
      isolation === null
        ? 'a service that is built as one file runs on this machine as it is.'
        : isolation.flags !== null || notIsolated(isolation),
  });
  if (found.length > 0) throw new UsageError(`The embedded cluster can't run this.\n${found.join('\n')}`);
}

function notIsolated({ refused }: Isolation): string {
  return `this machine gives no namespaces (${refused}). Linux does, with the programs unshare and ip, to root, and on most systems to any user.`;
}

/** The commands by the name of their containers, and the images that they stand for beside the released one. */
function commandsOf(
  { rehearsed: { deployment }, program }: PlayedSide,
  { commands, given }: OwnService,
  isolation: Isolation,
): OwnCommands {
  const pod = at(deployment, 'spec', 'template', 'spec');
  const released = serviceContainer(deployment);
  const { '': unnamed, ...named } = commands ?? {};
  const others = (listAt(pod, 'containers') ?? []).filter((one) => one !== released);
  return {
    commands: unnamed === undefined ? named : { [String(released?.['name'])]: unnamed, ...named },
    given,
    folder: program?.folder,
    isolation,
    images: [...new Set(others.map(({ image }) => String(image)))],
  };
}

/** Opens the embedded cluster for a play. */
export async function openEmbedded(request: ClusterRequest): Promise<RehearsalCluster> {
  const { options, repository, scratch, applications, say } = request;
  const sides = await request.write({
    repository: pathToFileURL(scratch.remote).href,
    namespace: null,
    // What is compared with a real cluster must be exposed as it is there: the traffic depends on it.
    expose: options.context?.expose ?? null,
  });
  const { rehearsed } = sides.before;
  const ownOf = ({ program }: PlayedSide): OwnService =>
    program === null ? options.own : { ...options.own, commands: program.commands };
  const isolation = ownOf(sides.before).commands === null ? null : await findIsolation();
  for (const side of new Set([sides.before, sides.after])) {
    const { application, deployment } = side.rehearsed;
    const objects = await readObjects(path.join(side.directory, application.path));
    refuseUnsupported(deployment, objects, ownOf(side), isolation);
  }
  if (isolation?.flags === null) say(`pods share this machine's network and processes: ${notIsolated(isolation)}`);
  const program = await proxyBefore(rehearsed, request);
  const secret = program !== null && options.isSecure ? await makeCertificate(request.folder, request.signal) : {};
  return openEmbeddedCluster({
    directory: scratch.directory,
    remote: scratch.remote,
    applications,
    application: rehearsed.application.name,
    image: rehearsed.image,
    workDirectory: request.folder,
    endpointLagMs: options.endpointLagMs,
    proxy: program === null ? null : { program, healthPath: rehearsed.health?.path ?? null, ...secret },
    build: repository.build,
    commands:
      isolation === null
        ? null
        : ({ directory }) => {
            const side = directory === sides.after.directory ? sides.after : sides.before;
            return commandsOf(side, ownOf(side), isolation);
          },
    badProgram: (fault) => badProgram(rehearsed.deployment, repository.drainVariable, fault),
    validate: repository.validate,
    observe: request.observe,
  });
}

/** The HAProxy that requests pass, null for none: one that was asked for is there. */
async function proxyBefore({ isRouted }: Rehearsed, request: ClusterRequest): Promise<string | null> {
  const { options, observe, say } = request;
  if (options.proxy === 'none' || (options.proxy === null && !isRouted && !options.isSecure)) return null;
  const program = options.proxy ?? 'haproxy';
  const version = await haproxyVersion(program, request);
  if (version !== null) {
    say(`requests pass ${version}, as they pass the proxies of an L7 load balancer`);
    return program;
  }
  if (options.isSecure)
    throw new UsageError(`--tls needs a proxy, and ${program} does not run. Install HAProxy, or name one by --proxy.`);
  const message =
    'Requests go straight to the pods, not through a proxy as those of an L7 load balancer: haproxy is not on the PATH. Install it, or say --proxy none.';
  observe({ kind: 'warning', object: 'rehearsal', reason: 'NoProxy', message, at: Date.now() });
  return null;
}

/** Throws {@link UsageError} where a HAProxy is asked for that does not run, before any cluster is opened. */
export async function refuseAbsentProxy(request: ClusterRequest): Promise<void> {
  const { proxy } = request.options;
  if (proxy === null || proxy === 'none' || (await haproxyVersion(proxy, request)) !== null) return;
  throw new UsageError(`--proxy is ${proxy}, which does not run. Name an HAProxy, or none.`);
}

/** What a program says that it is; null where it does not run, or is no HAProxy. */
async function haproxyVersion(program: string, { scratch, signal }: ClusterRequest): Promise<string | null> {
  const call = { directory: scratch.directory, environment: process.env, limitMs: 5_000, signal };
  const asked = await runProgram(call, program, '-v').catch(() => null);
  signal.throwIfAborted();
  return asked?.exitCode === 0 && /haproxy/i.test(asked.stdout) ? (asked.stdout.split(/ - |\n/u)[0] ?? null) : null;
}

/**
 * A program that stands for a version with a fault, of any service: it listens where the service does and takes its time to drain, but
 * crashes, never listens, or answers the kubelet and nobody else.
 */
export function badProgram(
  deployment: Manifest,
  drainVariable: string | null,
  fault: ImageFault | undefined,
): BadProgram | undefined {
  if (fault === undefined || fault === 'missing' || fault === 'withheld') return undefined;
  const container = serviceContainer(deployment);
  const variables = (listAt(container, 'env') ?? []).map(({ name, value }) => [String(name), String(value)] as const);
  const ports = (listAt(container, 'ports') ?? []).map(({ containerPort }) => ({
    containerPort: Number(containerPort),
  }));
  const told = {
    fault,
    drainVariable,
    readiness: at(container, 'readinessProbe', 'httpGet', 'path') ?? '/',
    ports: listeningPorts({ ports }, new Map(variables)),
  };
  return { container: String(container?.['name']), text: `const told = ${JSON.stringify(told)};\n${standIn}` };
}

const standIn = `const { env } = process;
let drains = false;
if (told.fault === 'crash') {
  console.error('This version crashes at its start, on purpose.');
  process.exit(1);
}
const servers = told.fault === 'late' ? [] : told.ports.map(({ variable, podPort }) =>
  require('node:http').createServer((request, response) => {
    const asksKubelet = /^kube-probe/.test(request.headers['user-agent'] ?? '');
    const isReady = told.fault !== 'never ready' || request.url !== told.readiness;
    if (drains) response.setHeader('connection', 'close');
    response.writeHead(asksKubelet ? (isReady ? 200 : 503) : 500);
    request.resume().on('end', () => response.end('This version answers with errors, on purpose.'));
  }).listen(Number(env[variable] ?? podPort), env.HOST));
const stays = setInterval(() => undefined, 60000);
process.on('SIGTERM', () => {
  drains = true;
  setTimeout(() => {
    clearInterval(stays);
    for (const server of servers) server.close();
    for (const server of servers) server.closeIdleConnections();
    setTimeout(() => process.exit(0), 1000).unref();
  }, Number(env[told.drainVariable] ?? 0));
});
`;

/** Makes a certificate of 127.0.0.1 for this run alone: a file with its key, and what clients have to trust. */
export async function makeCertificate(
  folder: string,
  signal: AbortSignal,
): Promise<{ readonly certificate: string; readonly authority: string }> {
  const [key, authority] = [path.join(folder, 'key.pem'), path.join(folder, 'certificate.pem')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-days', '1'];
  const subject = ['-subj', '/CN=zerodrop rehearsal', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const call = { directory: folder, environment: process.env, limitMs: 10_000, signal };
  await run(call, 'openssl', 'req', '-x509', ...kind, ...subject, '-keyout', key, '-out', authority).catch((cause) => {
    throw new UsageError('--tls needs openssl 3, which makes its certificate. Install it.', { cause });
  });
  const certificate = path.join(folder, 'proxy.pem');
  const read = await readFile(authority, 'utf8');
  await writeFile(certificate, `${read}${await readFile(key, 'utf8')}`, { mode: 0o600 });
  return { certificate, authority: read };
}
