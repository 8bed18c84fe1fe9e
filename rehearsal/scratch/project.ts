import { userEnvironment } from '../../git/environment.ts';
import { run, type Surroundings } from './run.ts';

/** The repository that a rehearsal is started in. */
export interface Project {
  readonly directory: string;
  /** Files with changes that are not committed: they are not part of what is rehearsed. */
  readonly uncommitted: number;
}

/** Finds the project around a directory. Throws where it is no git repository or has no commit yet. */
export async function findProject(started: Surroundings): Promise<Project> {
  const where = { ...started, environment: userEnvironment(started.environment) };
  const directory = await run(where, 'git', 'rev-parse', '--show-toplevel').catch((cause: Error) => {
    const said = cause.message.includes('not a git repository');
    throw said
      ? new Error(`${where.directory} is not in a git repository. Rehearse in a clone of zerodrop.`, { cause })
      : cause;
  });
  await run(where, 'git', 'rev-parse', '--verify', '--quiet', 'HEAD^{commit}').catch((cause: unknown) => {
    throw new Error(`${directory} has no commit yet, and a rehearsal plays what is committed. Commit first.`, {
      cause,
    });
  });
  const changes = await run(where, 'git', 'status', '--porcelain');
  return { directory, uncommitted: changes === '' ? 0 : changes.split('\n').length };
}
