import { k8s } from 'cdk8s-plus-28';
import type { EgressRule, Workload } from './schema.ts';

/** A workload's variables as a container takes them, in the order in which they are written. */
export function variables(env: Workload['env'] = {}): readonly k8s.EnvVar[] {
  return Object.entries(env).map(([name, value]) =>
    typeof value === 'string'
      ? { name, value }
      : { name, valueFrom: { secretKeyRef: { name: value.secret, key: value.key } } },
  );
}

/** Rules of a NetworkPolicy, written as in YAML, as cdk8s takes them. */
export function egressRules(rules: readonly EgressRule[]): k8s.NetworkPolicyEgressRule[] {
  return rules.map(({ ports, ...rule }) => ({
    ...rule,
    ...(ports !== undefined && { ports: ports.map(({ port, ...rest }) => ({ ...rest, ...portOf(port) })) }),
  }));
}

function portOf(port: number | string | undefined): { readonly port?: k8s.IntOrString } {
  if (port === undefined) return {};
  return { port: typeof port === 'number' ? k8s.IntOrString.fromNumber(port) : k8s.IntOrString.fromString(port) };
}
