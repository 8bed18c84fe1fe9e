import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Project } from '../apps/project.ts';
import { leftFromExample } from '../settings/example.ts';
import { SettingsError } from '../settings/settings-error.ts';
import { compose } from './compose.ts';
import { emptyOutput, requireNoState } from './empty-output.ts';
import { writeSnapshots } from './snapshot.ts';
import { withoutStackTraces } from './stack-traces.ts';
import { stacksOf } from './stacks-of.ts';
import { vanished } from './vanished.ts';

/** What a synth wrote. */
export interface Synthesized {
  readonly stacks: readonly string[];
  /** The snapshots that differ from before. */
  readonly changed: readonly string[];
}

/**
 * Makes the stacks in memory, and returns what writes them: as Terraform JSON into `cdktf.out/` of a working copy, and their snapshots
 * into `cluster/snapshots/`. Throws before anything is written: a {@link SettingsError} for settings of two owners, and an OutputError
 * where a state would be lost.
 */
export async function prepareCluster(project: Project, directory: string): Promise<() => Promise<Synthesized>> {
  const left = leftFromExample(project.settings);
  if (left.length > 0) throw new SettingsError(left);
  const outdir = join(directory, 'cdktf.out');
  const app = compose(project, outdir);
  const stacks = stacksOf(app);
  const lost = vanished(app, stacks);
  if (lost.length > 0) throw new Error(lost.join('\n'));
  await requireNoState(outdir);
  return async () => {
    await emptyOutput(outdir);
    withoutStackTraces(() => app.synth());
    for (const stack of stacks.keys()) await copyLock(directory, outdir, stack);
    return { stacks: [...stacks.keys()], changed: await writeSnapshots(directory, stacks) };
  };
}

/** Puts the committed checksums of the providers beside a stack, where there are some: docs/how-to/bring-up.md. */
async function copyLock(directory: string, outdir: string, stack: string): Promise<void> {
  const lock = join(directory, 'cluster', 'locks', `${stack}.hcl`);
  await cp(lock, join(outdir, 'stacks', stack, '.terraform.lock.hcl')).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
