import { type BuilderSurroundings, runBuilder } from './run-builder.ts';

/** A program that builds and pushes images. */
export type Builder = 'docker' | 'podman' | 'buildah';

/** Asks each program for something that works only where it can build: a docker without its daemon can't. */
const probes: readonly (readonly [Builder, ...string[]])[] = [
  ['docker', 'version', '--format', '{{.Server.Version}}'],
  ['podman', 'info', '--format', '{{.Version.Version}}'],
  ['buildah', '--version'],
];

/** Finds the builder to use. Throws a sentence that says of each one why it is not. */
export async function findBuilder(where: BuilderSurroundings): Promise<Builder> {
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
