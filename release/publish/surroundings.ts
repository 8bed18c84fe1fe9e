import { type Clock, machineClock } from './clock.ts';
import { type Render, renderByTree } from './render.ts';

/** What a command that pushes works with: where, for how long, and by whose clock. */
export interface Surroundings {
  /** The root of the clone. Nothing in it changes but its store of objects, and what git knows of the remote after a push. */
  readonly directory: string;
  /** The remote whose main Argo CD follows. */
  readonly remote: string;
  /** No attempt to push begins after this. */
  readonly withinMs: number;
  /** One call of git or of the renderer ends after this. */
  readonly callMs: number;
  readonly clock: Clock;
  readonly render: Render;
  readonly signal: AbortSignal;
}

/** A fetch of a large repository fits in; what takes longer hangs. */
const callMs = 60_000;

/** The surroundings of a command that a person or a workflow started. */
export function realSurroundings(
  given: Pick<Surroundings, 'directory' | 'remote' | 'withinMs' | 'signal'>,
): Surroundings {
  return { ...given, callMs, clock: machineClock, render: renderByTree };
}
