import { k8s } from 'cdk8s-plus-28';
import type { Probe, Variable, WholeSource } from './parts.ts';
import type { EgressRule } from './schema.ts';

/** A workload's variables as a container takes them, in the order in which they are written. */
export function variables(env: Readonly<Record<string, Variable>> = {}): k8s.EnvVar[] {
  return Object.entries(env).map(([name, value]) => {
    if (typeof value === 'string') return { name, value };
    return 'secret' in value
      ? { name, valueFrom: { secretKeyRef: { name: value.secret, key: value.key } } }
      : { name, valueFrom: { configMapKeyRef: { name: value.configMap, key: value.key } } };
  });
}

/** Where variables come from as a whole, in the order in which they are written: of two by one name the last is taken. */
export function wholeSources(sources: readonly WholeSource[] = []): k8s.EnvFromSource[] {
  return sources.map(({ prefix, ...source }) => ({
    ...('secret' in source ? { secretRef: { name: source.secret } } : { configMapRef: { name: source.configMap } }),
    ...(prefix !== undefined && { prefix }),
  }));
}

/** What the kubelet asks; a path without a port of its own is asked for at this one. */
export function handler(probe: Probe, port: number): k8s.Probe {
  const { timeoutSeconds } = probe;
  return { ...asked(probe, port), ...(timeoutSeconds !== undefined && { timeoutSeconds }) };
}

function asked(probe: Probe, port: number): k8s.Probe {
  if ('path' in probe) {
    return { httpGet: { path: probe.path, port: k8s.IntOrString.fromNumber(probe.port ?? port) } };
  }
  if ('tcp' in probe) return { tcpSocket: { port: k8s.IntOrString.fromNumber(probe.tcp) } };
  if ('exec' in probe) return { exec: { command: probe.exec } };
  return { grpc: { port: probe.grpc, ...(probe.service !== undefined && { service: probe.service }) } };
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
