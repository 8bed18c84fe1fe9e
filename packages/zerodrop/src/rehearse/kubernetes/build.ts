import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { bakedFaults, type ImageFault, missingImage } from './disturb.ts';
import type { GivenImage } from './options.ts';

/** What is baked into an image of the rehearsal. */
export interface ImageRequest {
  readonly version: string;
  /** The commit it is said to be built from, 40 hex digits. */
  readonly revision: string;
  readonly startupMs: number;
  /** The working copy that is built; that of the play unless said. */
  readonly directory?: string;
  /** What is wrong with it on purpose; nothing unless said. */
  readonly fault?: ImageFault;
}

/** Where images come from and go to. */
export interface ImageBuild {
  readonly builder: Builder;
  /** The working copy with the Dockerfile, and the environment that the builder is configured by. */
  readonly where: BuilderOptions;
  /** The image repository that is pushed to. */
  readonly repository: string;
  /** Tells the tags of this play from those of others: a registry may forbid that a tag moves. */
  readonly suffix: string;
  /** Where the builder may leave a file. */
  readonly folder: string;
}

/** Builds the working copy's Dockerfile, pushes it, and returns the pinned reference. */
export async function buildAndPush(settings: ImageBuild, image: ImageRequest): Promise<string> {
  const { builder, where, repository, suffix } = settings;
  const tagged = `${repository}:${image.version}-${suffix}`;
  await build(settings, buildArguments(builder, tagged, image));
  try {
    return `${tagged}@${await push(settings, tagged)}`;
  } finally {
    // What the registry has is not needed here, and would pile up run by run. An interrupted play removes it too.
    const last = { ...where, signal: new AbortController().signal };
    await runBuilder(last, builder, ...(builder === 'buildah' ? ['rmi'] : ['image', 'rm']), tagged).catch(
      () => undefined,
    );
  }
}

/**
 * Builds from the bases that the Dockerfile pins, or, where this builder's registries do not have those very builds, from the same
 * tags: a mirror or a lab can have its own. What is built here is rehearsed and never released.
 */
async function build({ builder, where, folder }: ImageBuild, args: readonly string[]): Promise<void> {
  try {
    await runBuilder(where, builder, ...args);
  } catch (error) {
    where.signal.throwIfAborted();
    const dockerfile = await readFile(path.join(where.directory, 'Dockerfile'), 'utf8').catch(() => '');
    const missing = missingBases(dockerfile, String(error));
    if (missing.length === 0) throw error;
    where.say(`${builder} finds no ${missing.join(' and no ')}: the rehearsal builds from the tag instead`);
    const file = path.join(folder, 'Dockerfile');
    await writeFile(file, basesByTag(dockerfile));
    await runBuilder(where, builder, ...args.toSpliced(1, 0, '--file', file));
  }
}

/** The builder's arguments; all three take the same, but for the layers that buildah keeps only when asked. */
export function buildArguments(builder: Builder, tagged: string, image: ImageRequest): string[] {
  const baked = {
    VERSION: image.version,
    REVISION: image.revision,
    FAULTS: JSON.stringify({ startupDelayMs: image.startupMs, ...bakedFaults[image.fault ?? 'missing'] }),
  };
  return [
    'build',
    ...(builder === 'buildah' ? ['--layers'] : []),
    ...Object.entries(baked).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    '--tag',
    tagged,
    '.',
  ];
}

async function push({ builder, where, folder }: ImageBuild, tagged: string): Promise<string> {
  const digestFile = path.join(folder, 'pushed-digest');
  const plain = isLoopback(tagged) ? ['--tls-verify=false'] : [];
  const args = builder === 'docker' ? ['push', tagged] : ['push', '--digestfile', digestFile, ...plain, tagged];
  const said = await runBuilder(where, builder, ...args).catch((cause: Error) => {
    throw new Error(
      `${tagged} can't be pushed. Is the registry up, and does ${builder} have credentials for it? ${cause.message}`,
      { cause },
    );
  });
  const digest = digestOfPush(builder === 'docker' ? said : await readFile(digestFile, 'utf8'));
  if (digest === null) {
    throw new Error(
      `${builder} pushed ${tagged} and said no digest, so it can't be pinned. Give two images that exist by --images REF,REF.`,
    );
  }
  return digest;
}

const pinnedBase = /^(?<from>FROM (?:--\S+ )*)(?<name>\S+:[\w.-]+)@(?<digest>sha256:[0-9a-f]{64})/gim;

/** A Dockerfile whose base images are named by their tags alone. */
export function basesByTag(dockerfile: string): string {
  return dockerfile.replaceAll(pinnedBase, '$<from>$<name>');
}

/** The base images that a Dockerfile pins by a digest that a builder's words are about: it could not find them. */
function missingBases(dockerfile: string, said: string): string[] {
  return [...dockerfile.matchAll(pinnedBase)].flatMap(({ groups: { name = '', digest = '' } = {} }) =>
    said.includes(digest) ? [`${name}@${digest}`] : [],
  );
}

/** True for a registry on this machine: such a one has no certificate, and docker too speaks plain HTTP with it. */
export function isLoopback(reference: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?\//.test(reference);
}

/** The digest in what a builder said of its push: the last words of docker, the whole file of podman and buildah. */
export function digestOfPush(said: string): string | null {
  return said.match(/sha256:[0-9a-f]{64}/g)?.at(-1) ?? null;
}

/** A program that builds and pushes images. */
export type Builder = 'docker' | 'podman' | 'buildah';

/** Asks each program for something that works only where it can build: a docker without its daemon can't. */
const probes: readonly (readonly [Builder, ...string[]])[] = [
  ['docker', 'version', '--format', '{{.Server.Version}}'],
  ['podman', 'info', '--format', '{{.Version.Version}}'],
  ['buildah', '--version'],
];

/** Finds the builder to use. Throws a sentence that says of each one why it is not. */
export async function findBuilder(where: BuilderOptions): Promise<Builder> {
  const reasons: string[] = [];
  for (const [builder, ...args] of probes) {
    try {
      await runBuilder(where, builder, ...args);
      return builder;
    } catch (error) {
      where.signal.throwIfAborted();
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(
    `No image can be built. ${reasons.join('; ')}. Install or start one of them, or give two images that exist by --images REF,REF.`,
  );
}

/** Where a builder runs. */
export interface BuilderOptions {
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** Tells a person why an interruption takes a moment. */
  say(what: string): void;
}

/**
 * Runs a builder and returns what it printed. Throws an error that quotes its own words, and once it has ended where the play
 * was interrupted.
 *
 * Only docker is stopped by an interruption: podman and buildah would leave their working containers and mounts behind, so
 * they finish the step that they are at. In a process group of its own, because Ctrl-C goes to the whole group.
 */
export async function runBuilder(where: BuilderOptions, builder: Builder, ...args: readonly string[]): Promise<string> {
  where.signal.throwIfAborted();
  const child = spawn(builder, args, {
    cwd: where.directory,
    env: where.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const interrupted = (): void => {
    if (builder === 'docker') child.kill('SIGINT');
    else where.say(`interrupted: waiting for ${builder} ${args[0] ?? ''} to finish`);
  };
  where.signal.addEventListener('abort', interrupted);
  try {
    const ended = new Promise<number | null>((resolve, reject) => {
      child.on('error', (cause: NodeJS.ErrnoException) => {
        reject(cause.code === 'ENOENT' ? new Error(`${builder} is not installed`, { cause }) : cause);
      });
      child.on('close', resolve);
    });
    const [printed, said, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    where.signal.throwIfAborted();
    if (code !== 0) throw new Error(`${builder} ${args[0] ?? ''} failed: ${lastWords(said)}`);
    return printed;
  } finally {
    where.signal.removeEventListener('abort', interrupted);
  }
}

/** A build prints pages; what went wrong is at the end. */
function lastWords(said: string): string {
  return said.trim().split('\n').slice(-mostLines).join('\n');
}

const mostLines = 15;

/** Where the images of a play come from. */
export interface ImageSource {
  /** Returns the pinned reference. */
  publish(image: ImageRequest): Promise<string>;
}

/** Builds the scratch clone's Dockerfile and pushes to a registry. Throws where nothing here can build. */
export async function builtImageSource(
  where: BuilderOptions,
  registry: string,
  service: string,
  suffix: string,
  folder: string,
): Promise<ImageSource> {
  const builder = await findBuilder(where);
  const repository = `${registry}/${service}-rehearsal`;
  const images = { builder, where, repository, suffix, folder };
  return {
    publish: async (image) =>
      image.fault === 'missing'
        ? missingImage(repository, image.version)
        : buildAndPush({ ...images, where: { ...where, directory: image.directory ?? where.directory } }, image),
  };
}

/** Takes images that exist: they were published as the version that is asked for. */
export function givenImageSource(images: readonly [GivenImage, GivenImage]): ImageSource {
  return {
    async publish({ version, fault }) {
      if (fault === 'missing') return missingImage(images[0].reference.replace(/(?::[^/:]*)?@.*$/u, ''), version);
      const image = images.find((given) => given.version === version);
      if (image === undefined) throw new Error(`No image of --images is version ${version}.`);
      return image.reference;
    },
  };
}
