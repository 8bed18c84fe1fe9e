import { UsageError } from '../errors.ts';
import type { Repository } from './cluster.ts';
import { rehearseCommand } from './command.ts';

/** A repository of which nothing is known but its manifests, and what options say. */
const anyRepository: Repository = {
  command: 'zerodrop rehearse',
  applications: 'argocd',
  drainVariable: null,
  firstEnvironment: async () => null,
  prepare: async () => undefined,
  async build() {
    throw new UsageError(
      'The embedded cluster runs your service as a program of this machine. Say how it is built by --build COMMAND, or rehearse on a real cluster by --context NAME.',
    );
  },
  validate: () => [],
};

/** `zerodrop rehearse`. Returns the exit code. */
export async function rehearseFromCommandLine(args: readonly string[]): Promise<number> {
  return rehearseCommand(args, anyRepository);
}
