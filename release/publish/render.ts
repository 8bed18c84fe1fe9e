import { CannotRelease } from '../cannot-release.ts';
import { runProgram } from './program.ts';
import type { Bounds } from './tree.ts';

/** Renders manifests/ and argocd/ in a working copy, from the settings and pins that are on its disk. */
export type Render = (directory: string, bounds: Bounds) => Promise<void>;

/**
 * Renders by the tree's own program, as npm run synth would there: main may have moved on since this command was started, and a
 * commit must hold what the code beside it renders. Throws {@link CannotRelease} with the program's words.
 */
export const renderByTree: Render = async (directory, { callMs, signal }) => {
  // Rendering has no use for the token that pushes.
  const { GH_TOKEN: _, ...environment } = process.env;
  const call = { directory, environment, limitMs: callMs, signal };
  const ran = await runProgram(call, process.execPath, '--import', 'tsx', 'apps/main.ts');
  if (ran.exitCode === 0) return;
  throw new CannotRelease(
    `The newest main can't be rendered, so nothing can be released on it:\n${ran.stderr.trim()}\nMend it there: npm run synth shows the same.`,
  );
};
