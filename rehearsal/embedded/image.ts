import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ImageRequest } from '../target.ts';

const execute = promisify(execFile);

/** An image of the embedded cluster: a bundle, and the reference that stands for it. */
export interface Image {
  readonly reference: string;
  readonly bundle: string;
}

/** Where images come from. */
export interface Workshop {
  /** The working copy whose `service/build.ts` builds them. */
  readonly directory: string;
  /** The image repository: references start with it. */
  readonly repository: string;
  /** Where the bundles are kept. */
  readonly folder: string;
}

/** Builds the service of a working copy. The digest is that of the bundle's bytes, as an image's is that of its contents. */
export async function buildImage(
  { directory, repository, folder }: Workshop,
  request: ImageRequest,
  signal: AbortSignal,
): Promise<Image> {
  const faults = JSON.stringify({ startupDelayMs: request.startupMs });
  const built = path.join(folder, `${request.version}.cjs`);
  const asked = ['--version', request.version, '--revision', request.revision, '--faults', faults, '--out', built];
  try {
    await execute(process.execPath, ['--import', 'tsx', 'service/build.ts', ...asked], {
      cwd: directory,
      signal,
      killSignal: 'SIGKILL',
    });
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new Error(`service/build.ts could not build ${request.version}: ${said}`, { cause });
  }
  const digest = createHash('sha256')
    .update(await readFile(built))
    .digest('hex');
  const bundle = path.join(folder, `${digest}.cjs`);
  await rename(built, bundle);
  return { reference: `${repository}:${request.version}@sha256:${digest}`, bundle };
}
