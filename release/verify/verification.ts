import type { Followed } from 'zerodrop/rollout';
import type { Target } from '../../apps/project.ts';
import type { Surroundings } from '../publish/surroundings.ts';
import type { Expected } from './expected.ts';

/** What is verified, and how. */
export interface Verification {
  readonly environment: string;
  readonly target: Target;
  readonly followed: Followed;
  readonly expected: Expected;
  /** The commit was named, and is not only what is checked out. */
  readonly isNamed: boolean;
  /** Null for as long as the manifests let a rollout take. */
  readonly withinMs: number | null;
  /** The clone, for the history and for a rollback. */
  readonly surroundings: Surroundings;
  /** Tells a person what happens meanwhile. */
  readonly tell: (line: string) => void;
}
