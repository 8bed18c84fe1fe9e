import { createHash } from 'node:crypto';
import { basename } from 'node:path/posix';
import { k8s } from 'cdk8s-plus-28';
import type { File, Probe, Variable, WholeSource } from '../workload/parts.ts';
import type { EgressRule, Workload } from '../workload/schema.ts';

/** A ConfigMap that this repository fills. */
interface OwnConfigMap {
  readonly name: string;
  readonly data: Readonly<Record<string, string>>;
}

/** What a pod reads besides its image, from ConfigMaps of this repository and of others and from Secrets; and where it may write. */
export interface Configuration {
  readonly configMaps: readonly OwnConfigMap[];
  /** Of the pods. They change with what is in the ConfigMaps, so that the pods roll (docs/adr/0045-configuration-rolls-the-pods.md). */
  readonly annotations: Readonly<Record<string, string>>;
  readonly envFrom: k8s.EnvFromSource[];
  readonly volumes: k8s.Volume[];
  readonly mounts: k8s.VolumeMount[];
}

type Asked = Pick<Workload, 'config' | 'envFrom' | 'files' | 'scratch'>;

/** The configuration of a service of this name. */
export function configuration(name: string, { config, envFrom = [], files: said, scratch = {} }: Asked): Configuration {
  const files = said ?? {};
  const keys = fileKeys(Object.keys(files).filter((path) => typeof files[path] === 'string'));
  const fileMap = `${name}-files`;
  const configMaps = [
    ...(config === undefined ? [] : [{ name, data: config }]),
    // Empty ones are made where they are said to be: a commit that takes one away may start no pod.
    ...(keys.size === 0 && (said === undefined || Object.keys(files).length > 0)
      ? []
      : [{ name: fileMap, data: Object.fromEntries([...keys].map(([path, key]) => [key, String(files[path])])) }]),
  ];
  const filled = configMaps.filter(({ data }) => Object.keys(data).length > 0);
  const readFiles = Object.entries(files).map(([path, file]) =>
    typeof file === 'string' ? mounted(path, 'configMap', fileMap, keys.get(path)) : mountedFrom(path, file),
  );
  const folders = Object.entries(scratch).map(([path, size], index) => ({
    volume: { name: `scratch-${index + 1}`, emptyDir: { sizeLimit: k8s.Quantity.fromString(size) } },
    mount: { name: `scratch-${index + 1}`, mountPath: path },
  }));
  const volumes = new Map(readFiles.map(({ volume }) => [volume.name, volume]));
  return {
    configMaps,
    annotations: filled.length === 0 ? {} : { 'zerodrop/configuration': hashOf(filled.map(sorted)) },
    envFrom: wholeSources([...(filled.some((one) => one.name === name) ? [{ configMap: name }] : []), ...envFrom]),
    volumes: [...volumes.values(), ...folders.map(({ volume }) => volume)],
    mounts: [...readFiles, ...folders].map(({ mount }) => mount),
  };
}

/** The key of each file in the ConfigMap of files: its name, after a number where another file has the same. */
function fileKeys(paths: readonly string[]): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  const taken = new Set<string>();
  for (const path of paths) {
    let key = basename(path);
    for (let count = 2; taken.has(key); count += 1) key = `${count}-${basename(path)}`;
    taken.add(key);
    keys.set(path, key);
  }
  return keys;
}

interface Mounted {
  readonly volume: k8s.Volume;
  readonly mount: k8s.VolumeMount;
}

function mountedFrom(path: string, file: Exclude<File, string>): Mounted {
  return 'secret' in file
    ? mounted(path, 'secret', file.secret, file.key)
    : mounted(path, 'configMap', file.configMap, file.key);
}

/** One file, which stays as it was when the pod started, or a folder of all keys, which the kubelet keeps up to date. */
function mounted(path: string, kind: 'secret' | 'configMap', from: string, key: string | undefined): Mounted {
  // A volume's name is a label, which the name of a Secret need not be.
  const name = `${kind.toLowerCase()}-${hashOf(from).slice(0, 8)}`;
  return {
    volume: { name, ...(kind === 'secret' ? { secret: { secretName: from } } : { configMap: { name: from } }) },
    mount: { name, mountPath: path, readOnly: true, ...(key !== undefined && { subPath: key }) },
  };
}

/** What a ConfigMap comes to, in whichever order its keys are written. */
function sorted({ name, data }: OwnConfigMap): unknown {
  return [
    name,
    Object.keys(data)
      .toSorted()
      .map((key) => [key, data[key]]),
  ];
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}

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
function wholeSources(sources: readonly WholeSource[] = []): k8s.EnvFromSource[] {
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
