import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '../settings/settings.ts';
import { compose } from './compose.ts';
import { emptyOutput } from './empty-output.ts';
import { writeSnapshots } from './snapshot.ts';
import { stacksOf } from './stacks-of.ts';
import { vanished } from './vanished.ts';

/** What a synth wrote. */
export interface Synthesized {
  readonly stacks: readonly string[];
  /** The snapshots that differ from before. */
  readonly changed: readonly string[];
}

/**
 * Writes the stacks as Terraform JSON into `cdktf.out/` of a working copy, and their snapshots into `cluster/snapshots/`.
 * Throws a SettingsError for settings that no cluster can be made from.
 */
export async function synthesizeCluster(settings: Settings, directory: string): Promise<Synthesized> {
  const outdir = join(directory, 'cdktf.out');
  const app = compose(settings, outdir);
  const stacks = stacksOf(app);
  const lost = vanished(app, stacks);
  if (lost.length > 0) throw new Error(lost.join('\n'));
  await emptyOutput(outdir);
  app.synth();
  for (const stack of stacks.keys()) await copyLock(directory, outdir, stack);
  return { stacks: [...stacks.keys()], changed: await writeSnapshots(directory, stacks) };
}

/** Puts the committed checksums of the providers beside a stack, where there are some: docs/bring-up.md. */
async function copyLock(directory: string, outdir: string, stack: string): Promise<void> {
  const lock = join(directory, 'cluster', 'locks', `${stack}.hcl`);
  await cp(lock, join(outdir, 'stacks', stack, '.terraform.lock.hcl')).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
