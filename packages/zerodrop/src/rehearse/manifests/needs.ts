import type { V1Container, V1EnvVar, V1PodSpec, V1Probe, V1Volume } from '@kubernetes/client-node';
import { at, isFields, type Manifest } from './object.ts';

/** The keys of a ConfigMap or a Secret, decoded. Null where there is no such object. */
export type ReadKeys = (kind: 'ConfigMap' | 'Secret', name: string) => ReadonlyMap<string, Buffer> | null;

/** Reads the keys of the ConfigMaps and Secrets among objects. */
export function keysAmong(objects: readonly Manifest[]): ReadKeys {
  return (kind, name) => {
    const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
    if (found === undefined) return null;
    const [plain, encoded] = kind === 'Secret' ? ['stringData', 'data'] : ['data', 'binaryData'];
    const decoded = (field: string, encoding: BufferEncoding): readonly (readonly [string, Buffer])[] => {
      const entries = at(found, field);
      return isFields(entries)
        ? Object.entries(entries).map(([key, value]) => [key, Buffer.from(String(value), encoding)])
        : [];
    };
    return new Map([...decoded(encoded ?? '', 'base64'), ...decoded(plain ?? '', 'utf8')]);
  };
}

/** Variables that are given for what a folder does not hold, or in the place of what it says. */
export type Given = Readonly<Record<string, string>>;

/**
 * The environment of a container. What names a field of the pod was resolved by the kubelet; what names a ConfigMap or a Secret is
 * resolved here, and so is each `$(NAME)`, which may stand for one of these.
 */
export function environmentOf(
  container: Pick<V1Container, 'env' | 'envFrom'>,
  byKubelet: ReadonlyMap<string, string>,
  keys: ReadKeys,
  given: Given,
): Map<string, string> {
  const own = new Map<string, string>();
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const found =
      configMapRef === undefined ? keys('Secret', secretRef?.name ?? '') : keys('ConfigMap', configMapRef.name ?? '');
    for (const [key, value] of found ?? []) own.set(`${prefix}${key}`, value.toString());
  }
  const declared = new Set((container.env ?? []).map(({ name }) => name));
  const services = [...byKubelet].filter(([name]) => !declared.has(name) && !own.has(name));
  for (const [name, value] of services) own.set(name, value);
  for (const variable of container.env ?? []) {
    const value = given[variable.name] ?? valueOf(variable, own, byKubelet, keys);
    if (value !== null) own.set(variable.name, value);
  }
  for (const [name, value] of Object.entries(given)) own.set(name, value);
  return own;
}

function valueOf(
  { name, value, valueFrom }: V1EnvVar,
  earlier: ReadonlyMap<string, string>,
  byKubelet: ReadonlyMap<string, string>,
  keys: ReadKeys,
): string | null {
  const reference = valueFrom?.secretKeyRef ?? valueFrom?.configMapKeyRef;
  if (reference !== undefined) {
    const kind = valueFrom?.secretKeyRef === undefined ? 'ConfigMap' : 'Secret';
    return (
      keys(kind, reference.name ?? '')
        ?.get(reference.key)
        ?.toString() ?? null
    );
  }
  if (valueFrom !== undefined) return byKubelet.get(name) ?? '';
  return expanded(value ?? '', earlier);
}

/** Kubernetes' own substitution: `$(NAME)` for a variable that is known, `$$` for a dollar. */
export function expanded(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$(?:\$|\(([^)]+)\))/g, (whole, name?: string) =>
    name === undefined ? '$' : (variables.get(name) ?? whole),
  );
}

/** A file that a volume gives a container. */
export interface VolumeFile {
  readonly path: string;
  readonly content: Buffer;
  readonly mode: number;
}

/** The files of a volume; null for a folder that is empty at first. */
export function filesOf(volume: V1Volume, keys: ReadKeys): readonly VolumeFile[] | null {
  const { configMap, secret, projected } = volume;
  if (configMap !== undefined)
    return keyFiles(keys('ConfigMap', configMap.name ?? ''), configMap.items, configMap.defaultMode);
  if (secret !== undefined) return keyFiles(keys('Secret', secret.secretName ?? ''), secret.items, secret.defaultMode);
  if (projected === undefined) return null;
  return (projected.sources ?? []).flatMap((source) => [
    ...(source.configMap === undefined
      ? []
      : keyFiles(keys('ConfigMap', source.configMap.name ?? ''), source.configMap.items, projected.defaultMode)),
    ...(source.secret === undefined
      ? []
      : keyFiles(keys('Secret', source.secret.name ?? ''), source.secret.items, projected.defaultMode)),
  ]);
}

type Items = readonly { readonly key: string; readonly path: string; readonly mode?: number }[];

function keyFiles(
  found: ReadonlyMap<string, Buffer> | null,
  items: Items | undefined,
  mode = 0o644,
): readonly VolumeFile[] {
  const wanted: Items = items ?? [...(found?.keys() ?? [])].map((key) => ({ key, path: key }));
  return wanted.flatMap(({ key, path, mode: own }) => {
    const content = found?.get(key);
    return content === undefined ? [] : { path, content, mode: own ?? mode };
  });
}

/** A quantity of memory in bytes, such as 256Mi; null where there is none. */
export function bytes(quantity: string | undefined): number | null {
  const [, number, unit = ''] = /^([0-9.]+)(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/.exec(quantity ?? '') ?? [];
  if (number === undefined) return null;
  const powers = ['', 'K', 'M', 'G', 'T', 'P', 'E'].indexOf(unit.replace('i', '').toUpperCase());
  return unit === 'm' ? Number(number) / 1_000 : Number(number) * (unit.endsWith('i') ? 1_024 : 1_000) ** powers;
}

/** What of a pod can be run. */
export interface Means {
  /** Which of its containers there is a program for. */
  readonly hasProgram: (container: string) => boolean;
  readonly keys: ReadKeys;
  readonly given: Given;
  /** Whether files can be mounted; else why not. */
  readonly mounts: true | string;
}

/** A native sidecar runs beside the containers; any other init container ends before they start. */
export function isSidecar({ restartPolicy }: V1Container): boolean {
  return restartPolicy === 'Always';
}

/** What of a pod can't be run on the embedded cluster, a sentence for each field. */
export function refusals(pod: V1PodSpec, means: Means): readonly string[] {
  const init = (pod.initContainers ?? []).map((one, index) => [`initContainers[${index}]`, one] as const);
  const all = [...init, ...pod.containers.map((one, index) => [`containers[${index}]`, one] as const)];
  return [
    ...all.flatMap(([where, container]) => containerRefusals(where, container, pod, means)),
    ...init.flatMap(([where, container]) =>
      probesOf(container).map(
        ([field]) =>
          `${where}.${field} can't be run: probes of a sidecar are not followed here. Remove it from the rehearsed folder.`,
      ),
    ),
  ];
}

function containerRefusals(where: string, container: V1Container, pod: V1PodSpec, means: Means): readonly string[] {
  const { name } = container;
  const missing = means.hasProgram(name)
    ? []
    : [
        `${where} is ${name}, for which there is no program: images are not run here. Give one by --command '${name}=PROGRAM ARGUMENTS', or remove it from the rehearsed folder.`,
      ];
  const grpc = probesOf(container)
    .filter(([, probe]) => probe.grpc !== undefined)
    .map(([field]) => `${where}.${field}.grpc can't be run: the embedded cluster probes by HTTP, TCP and commands.`);
  return [
    ...missing,
    ...grpc,
    ...variableRefusals(where, container, means),
    ...mountRefusals(where, container, pod, means),
  ];
}

function probesOf(container: V1Container): readonly (readonly [string, V1Probe])[] {
  const names = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const;
  return names.flatMap((name) => {
    const probe = container[name];
    return probe === undefined ? [] : [[name, probe] as const];
  });
}

function variableRefusals(where: string, { env, envFrom }: V1Container, { keys, given }: Means): readonly string[] {
  const variables = (env ?? []).flatMap(({ name, valueFrom }) => {
    const reference = valueFrom?.secretKeyRef ?? valueFrom?.configMapKeyRef;
    if (reference === undefined || reference.optional === true || given[name] !== undefined) return [];
    const kind = valueFrom?.secretKeyRef === undefined ? 'ConfigMap' : 'Secret';
    if (keys(kind, reference.name ?? '')?.has(reference.key) === true) return [];
    return `${where}.env ${name} is key ${reference.key} of ${kind} ${reference.name}, which the folder does not hold. Give it by a line ${name}=VALUE of --env-file.`;
  });
  const whole = (envFrom ?? []).flatMap(({ configMapRef, secretRef }) => {
    const [kind, reference] =
      configMapRef === undefined ? (['Secret', secretRef] as const) : (['ConfigMap', configMapRef] as const);
    if (reference === undefined || reference.optional === true || keys(kind, reference.name ?? '') !== null) return [];
    return `${where}.envFrom is ${kind} ${reference.name}, which the folder does not hold. Put one with made-up values into the rehearsed folder.`;
  });
  return [...variables, ...whole];
}

function mountRefusals(
  where: string,
  { volumeMounts }: V1Container,
  pod: V1PodSpec,
  { keys, mounts }: Means,
): readonly string[] {
  return (volumeMounts ?? []).flatMap(({ name, mountPath }) => {
    const volume = pod.volumes?.find((one) => one.name === name);
    if (volume === undefined) return `${where}.volumeMounts names ${name}, which is no volume of the pod.`;
    const kind = Object.keys(volume).find((field) => field !== 'name') ?? 'emptyDir';
    if (!['configMap', 'secret', 'projected', 'emptyDir'].includes(kind)) {
      return `${where}.volumeMounts ${mountPath} is a volume of kind ${kind}, which this machine does not have. Replace it by an emptyDir in the rehearsed folder.`;
    }
    const [other] = (volume.projected?.sources ?? []).flatMap((source) =>
      Object.keys(source).filter((one) => one !== 'configMap' && one !== 'secret'),
    );
    if (other !== undefined) {
      return `${where}.volumeMounts ${mountPath} is a volume with a ${other}, which there is none of here. Leave it out of the rehearsed folder.`;
    }
    const held = volume.configMap ?? volume.secret;
    if (held !== undefined && held.optional !== true) {
      const of = volume.configMap === undefined ? ('Secret' as const) : ('ConfigMap' as const);
      const object = volume.configMap?.name ?? volume.secret?.secretName ?? '';
      if (keys(of, object) === null)
        return `${where}.volumeMounts ${mountPath} is ${of} ${object}, which the folder does not hold. Put one with made-up values into the rehearsed folder.`;
    }
    // A program finds a folder to write to at most paths; files that it reads are there or not.
    return mounts === true || kind === 'emptyDir'
      ? []
      : `${where}.volumeMounts ${mountPath} can't be mounted here: ${mounts}`;
  });
}
