import { parseAllDocuments } from 'yaml';

export interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: object;
}

export interface Container {
  image?: string;
  env?: readonly Variable[];
  command?: readonly string[];
  imagePullPolicy?: string;
  ports?: { readonly name?: string; containerPort: number; hostPort?: number }[];
  readinessProbe?: Record<string, unknown>;
  [field: string]: unknown;
}

export interface PodSpec {
  containers: Container[];
  [field: string]: unknown;
}

export interface ServicePort {
  port: number;
  targetPort?: number | string;
  nodePort?: number;
}

/** An object as a manifest has it; only what the plays touch is typed. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    finalizers?: readonly string[];
  };
  spec?: {
    replicas?: number;
    type?: string;
    selector?: Record<string, unknown>;
    strategy?: object;
    ports?: ServicePort[];
    template?: { metadata?: { labels?: Record<string, string> }; spec: PodSpec };
    containers?: Container[];
    [field: string]: unknown;
  };
  [field: string]: unknown;
}

/** The files of a folder: the objects of each, or its text where it is not all objects. */
export type Files = ReadonlyMap<string, readonly Manifest[] | string>;

/** The file of an example that names none. */
export const mainFile = 'manifests/production/web.yaml';

/** Reads the text of a file. */
export function readFile(text: string): readonly Manifest[] | string {
  const documents = parseAllDocuments(text);
  if (documents.some(({ errors }) => errors.length > 0)) return text;
  const values: readonly unknown[] = documents.map((document) => document.toJS());
  return values.every(isObject) ? values : text;
}

function isObject(value: unknown): value is Manifest {
  return typeof value === 'object' && value !== null && 'kind' in value && 'metadata' in value;
}

/** Every object of the files. */
export function objectsOf(files: Files): readonly Manifest[] {
  return [...files.values()].flatMap((content) => (typeof content === 'string' ? [] : content));
}

/** The same files with other objects; a file without any is gone. */
export function mapObjects(files: Files, change: (object: Manifest) => Manifest | null): Files {
  const changed = [...files].map(([file, content]): [string, readonly Manifest[] | string] => {
    if (typeof content === 'string') return [file, content];
    const objects = content.map((object) => change(structuredClone(object)));
    return [file, objects.filter((object) => object !== null)];
  });
  return new Map(changed.filter(([, content]) => content.length > 0));
}

/** The same files with these objects only. */
export function keepObjects(files: Files, isKept: (object: Manifest) => boolean): Files {
  return mapObjects(files, (object) => (isKept(object) ? object : null));
}

/** An object of Argo CD's own, which a root application follows and not the application of a folder. */
export function isArgo({ kind }: Manifest): boolean {
  return kind === 'Application' || kind === 'AppProject';
}

/** The containers that a workload or a pod runs. */
export function containersOf({ spec }: Manifest): readonly Container[] {
  return spec?.template?.spec.containers ?? (Array.isArray(spec?.containers) ? spec.containers : []);
}

/** `Kind/name` */
export function nameOf({ kind, metadata }: Manifest): string {
  return `${kind}/${metadata.name}`;
}
