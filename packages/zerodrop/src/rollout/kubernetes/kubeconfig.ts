import { KubeConfig } from '@kubernetes/client-node';
import { UsageError } from '../../errors.ts';

/**
 * Reads the kubeconfig as kubectl would (`KUBECONFIG`, else `~/.kube/config`, else a pod's own service account), with one
 * of its contexts as the current one; null keeps the one that is current. Throws a {@link UsageError}.
 */
export function loadKubeconfig(context: string | null): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromDefault();
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(
      `The kubeconfig can't be read: ${words}. Set KUBECONFIG to the file that your cluster's tool wrote.`,
      { cause },
    );
  }
  const names = config.getContexts().map(({ name }) => name);
  const chosen = context ?? config.getCurrentContext();
  if (!names.includes(chosen)) throw new UsageError(unknownContext(chosen, names));
  config.setCurrentContext(chosen);
  if (config.getCurrentCluster() === null || config.getCurrentUser() === null) {
    throw new UsageError(
      `The kubeconfig's context ${chosen} names a cluster or a user that the file does not hold. Let your cluster's tool write it again.`,
    );
  }
  return config;
}

function unknownContext(chosen: string | undefined, names: readonly string[]): string {
  // Without any kubeconfig the library falls back to a cluster on localhost:8080, and has no context.
  if (names.length === 0) {
    return 'There is no kubeconfig: KUBECONFIG is not set and ~/.kube/config is not there. Let your cluster\'s tool write one, such as "kind export kubeconfig".';
  }
  const known = `It has ${names.join(', ')}.`;
  return chosen === undefined || chosen === ''
    ? `The kubeconfig has no current context. ${known} Name one.`
    : `The kubeconfig has no context ${chosen}. ${known}`;
}
