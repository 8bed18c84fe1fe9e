import { OperationError, UsageError } from 'zerodrop/errors';
import { ApiError, connect } from 'zerodrop/rollout';
import { argoNamespace } from '../apps/argo/application.ts';
import { compareInstalled } from '../cluster/installed/installed.ts';
import { contextOf } from '../settings/google/resolve.ts';
import { loadSettings } from '../settings/load.ts';
import { type Ended, readArguments, requiredCluster } from './command.ts';

// As cluster/stacks/argocd.ts names them.
const releases = ['argocd', 'root'];

/** `installed`: compares what Helm has installed, by its own record, with what the cluster has now. */
export async function installedCommand(args: readonly string[]): Promise<Ended> {
  const { values } = readArguments(args, {
    cluster: { type: 'string' },
    context: { type: 'string' },
    namespace: { type: 'string', default: argoNamespace },
  });
  const settings = await loadSettings('.');
  const context = values.context ?? contextOf(settings, requiredCluster(values.cluster, settings));
  try {
    const cluster = await connect(context);
    const { compared, problems } = await compareInstalled(cluster, values.namespace, releases);
    const remedy = `${problems.length} differences in ${compared} objects. docs/how-to/bring-up.md, "What was changed by hand", says how to restore them.`;
    return {
      stdout:
        problems.length === 0 ? `${compared} objects are as Helm installed them; Secrets are not compared.\n` : '',
      problems: problems.length === 0 ? [] : [...problems, remedy],
    };
  } catch (error) {
    if (error instanceof ApiError || error instanceof UsageError)
      throw new OperationError(error.message, { cause: error });
    throw error;
  }
}
