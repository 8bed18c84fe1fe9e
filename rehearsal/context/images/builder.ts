import { run, type Surroundings } from '../../scratch/run.ts';

/** A program that builds and pushes images. */
export type Builder = 'docker' | 'podman' | 'buildah';

/** Asks each program for something that works only where it can build: a docker without its daemon can't. */
const probes: readonly (readonly [Builder, ...string[]])[] = [
  ['docker', 'version', '--format', '{{.Server.Version}}'],
  ['podman', 'info', '--format', '{{.Version.Version}}'],
  ['buildah', '--version'],
];

/** Finds the builder to use. Throws a sentence that says of each one why it is not. */
export async function findBuilder(where: Surroundings): Promise<Builder> {
  const reasons: string[] = [];
  for (const [builder, ...args] of probes) {
    try {
      await run(where, builder, ...args);
      return builder;
    } catch (error) {
      where.signal.throwIfAborted();
      reasons.push(`${builder}: ${reason(error)}`);
    }
  }
  throw new Error(
    `No image can be built: ${reasons.join('; ')}. Install or start one of them, or give two images that exist by --images REF,REF.`,
  );
}

function reason(error: unknown): string {
  const said = error instanceof Error ? error.message.replace(/^.* failed in the scratch clone: /s, '') : String(error);
  return said.trim().split('\n').at(-1) ?? '';
}
