import { OperationError, UsageError } from 'zerodrop/errors';
import { runProgram } from 'zerodrop/program';
import { partsOf, type TargetPath } from '../../apps/pins.ts';
import type { Bounds } from './tree.ts';

/** Renders one target in a working copy, and Argo CD's objects of it, from the settings and its pin that are on the disk. */
export type Render = (directory: string, target: TargetPath, bounds: Bounds) => Promise<void>;

/**
 * Renders by the tree's own program, as npm run synth would there: main may have moved on since this command was started, and a
 * commit must hold what the code beside it renders. Throws with the program's words: {@link UsageError} for settings that are wrong,
 * {@link OperationError} for everything else.
 */
export const renderByTree: Render = async (directory, target, { callMs, signal }) => {
  // Rendering has no use for the token that pushes.
  const { GH_TOKEN: _, ...inherited } = process.env;
  const call = { name: 'node apps/main.ts', directory, environment: inherited, limitMs: callMs, signal };
  const { environment, service } = partsOf(target);
  const options = ['--environment', environment, '--service', service];
  const program = ['--conditions=zerodrop-source', '--import', 'tsx', 'apps/main.ts', ...options];
  const ran = await runProgram(call, process.execPath, ...program);
  if (ran.exitCode === 0) return;
  const says = `The newest main can't be rendered, so nothing can be released on it:\n${ran.stderr.trim()}\nFix it there: npm run synth shows the same.`;
  // Synth says by its exit code that what an owner wrote is wrong.
  throw ran.exitCode === 2 ? new UsageError(says) : new OperationError(says);
};
