import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ImageRequest } from '../../target.ts';
import { basesByTag, missingBases } from './bases.ts';
import type { Builder } from './builder.ts';
import { digestOfPush, isLoopback } from './registry.ts';
import { type BuilderSurroundings, runBuilder } from './run-builder.ts';

/** Where images come from and go to. */
export interface ImageShop {
  readonly builder: Builder;
  /** The working copy with the Dockerfile, and the environment that the builder is configured by. */
  readonly where: BuilderSurroundings;
  /** The image repository that is pushed to. */
  readonly repository: string;
  /** Tells the tags of this play from those of others: a registry may forbid that a tag moves. */
  readonly suffix: string;
  /** Where the builder may leave a file. */
  readonly folder: string;
}

/** Builds the working copy's Dockerfile, pushes it, and returns the pinned reference. */
export async function buildAndPush(shop: ImageShop, image: ImageRequest): Promise<string> {
  const { builder, where, repository, suffix } = shop;
  const tagged = `${repository}:${image.version}-${suffix}`;
  await build(shop, buildArguments(builder, tagged, image));
  try {
    return `${tagged}@${await push(shop, tagged)}`;
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
async function build({ builder, where, folder }: ImageShop, args: readonly string[]): Promise<void> {
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
    FAULTS: JSON.stringify({ startupDelayMs: image.startupMs }),
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

async function push({ builder, where, folder }: ImageShop, tagged: string): Promise<string> {
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
