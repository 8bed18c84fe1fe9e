import { filesAt } from 'zerodrop/files';
import { type Expected, readExpected } from 'zerodrop/verify';
import { manifestsPath, parsePin, partsOf, pinPath, type TargetPath } from '../../apps/pins.ts';
import type { Target } from '../../apps/project.ts';
import { parseImageReference } from '../image.ts';
import type { Surroundings } from '../publish/surroundings.ts';

/** A target whose rollout is verified, and how. */
export interface VerifiedTarget {
  readonly environment: string;
  readonly target: Target;
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

/** What a target is to run at a commit, and the version that it is to answer; null where it has no Deployment there, before its first release. */
export async function readTarget(directory: string, target: TargetPath, commit: string): Promise<Expected | null> {
  const path = pinPath(target);
  const expected = await readExpected(directory, { paths: [manifestsPath(target)] }, partsOf(target).service, commit);
  if (expected === null) return null;
  const pinned = (await filesAt(directory, commit, path)).get(path);
  if (typeof pinned !== 'string') return { ...expected, version: null };
  const { image, source } = parsePin(pinned, path);
  return { ...expected, version: { tag: parseImageReference(image).tag, source } };
}
