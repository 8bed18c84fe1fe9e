import { userEnvironment } from '../../../git/environment.ts';
import { scratchEnvironment } from '../../scratch/environment.ts';
import type { Scratch } from '../../scratch/scratch.ts';
import { serveGit } from './server.ts';
import { upstreamBranch } from './upstream.ts';

/** The repository and branch that Argo CD follows. */
export interface Source {
  readonly repository: string;
  readonly branch: string;
  /** Makes the scratch clone's pushed commit visible there. */
  deliver(): Promise<void>;
  close(): Promise<void>;
}

/** Serves the scratch remote itself, for as long as the play goes on. */
export async function scratchSource(
  scratch: Scratch,
  own: string,
  host: string,
  environment: NodeJS.ProcessEnv,
): Promise<Source> {
  const server = await serveGit(scratch.remote, own, host, scratchEnvironment(environment));
  return { repository: server.url, branch: 'main', deliver: async () => undefined, close: async () => server.close() };
}

/** Uses a branch of a repository that exists. */
export function upstreamSource(
  scratch: Scratch,
  own: string,
  repository: string,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Source {
  const user = { directory: scratch.directory, environment: userEnvironment(environment), signal };
  const upstream = upstreamBranch(user, repository, own);
  return { repository, branch: own, deliver: async () => upstream.push(), close: async () => upstream.remove() };
}
