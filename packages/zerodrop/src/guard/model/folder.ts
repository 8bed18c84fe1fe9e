import { posix } from 'node:path';
import type { IApplication } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application';
import type { IAppProject } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/AppProject';
import type { IService } from 'kubernetes-models/v1/Service';
import type { Kinds } from './kinds.ts';
import { type Field, isRecord, type ManifestObject } from './object.ts';
import { hasLabels, type Labels, selects, type Workload, workloadOf } from './workload.ts';

/**
 * The objects that are applied together, at one time: as a rule those of one directory. Everything is looked up by an index,
 * since a folder may hold thousands of objects.
 */
export class Folder {
  /** Relative to the repository. */
  readonly path: string;
  /** Each object once: of one that stands twice, the last. */
  readonly objects: readonly ManifestObject[];
  /** Every object as it is written. */
  readonly written: readonly ManifestObject[];
  readonly #byKey = new Map<string, ManifestObject>();
  readonly #byKind = new Map<string, ManifestObject[]>();
  readonly #runners: readonly Workload[];
  readonly #byLabel = new Map<string, Workload[]>();
  readonly #services = new Map<ManifestObject, Field<IService>[]>();
  readonly #workloads = new Map<ManifestObject | null, Workload>();

  constructor(path: string, written: readonly ManifestObject[]) {
    this.path = path;
    this.written = written;
    for (const object of written) this.#byKey.set(object.key, object);
    const objects = written.filter((object) => this.#byKey.get(object.key) === object);
    this.objects = objects;
    for (const object of objects) {
      append(this.#byKind, object.type, object);
    }
    this.#runners = objects.flatMap((object) => workloadOf(object) ?? []);
    this.workloads = this.#runners.filter((runner) => runner.runsOn);
    for (const runner of this.#runners) {
      this.#workloads.set(runner.object, runner);
      const place = runner.object.namespace ?? '';
      append(this.#byLabel, place, runner);
      for (const [key, value] of Object.entries(runner.labels))
        append(this.#byLabel, `${place} ${key}=${value}`, runner);
    }
    for (const service of this.all('/Service')) {
      for (const { object } of this.selectedBy(service)) append(this.#services, object, service);
    }
  }

  get(key: string): ManifestObject | undefined {
    return this.#byKey.get(key);
  }

  find(kind: keyof Kinds, namespace: string | null, name: string): ManifestObject | undefined {
    return this.#byKey.get(`${kind}/${namespace ?? ''}/${name}`);
  }

  /** All objects of a kind, with typed fields. */
  all<Kind extends keyof Kinds>(kind: Kind): readonly Field<Kinds[Kind]>[] {
    const objects = this.#byKind.get(kind) ?? [];
    return objects.flatMap((object) => object.as(kind) ?? []);
  }

  /** What keeps pods running. */
  readonly workloads: readonly Workload[];

  /** Everything that starts pods, Jobs and bare Pods included. */
  get runners(): readonly Workload[] {
    return this.#runners;
  }

  /** The pods of an object of this folder; undefined where it starts none, or is not there. */
  workload(object: ManifestObject | null): Workload | undefined {
    return this.#workloads.get(object);
  }

  /** What a workload of another time is in this folder. */
  counterpart({ object }: Workload): Workload | undefined {
    return this.workload(this.get(object.key) ?? null);
  }

  /** The workloads to whose pods a Service sends. */
  selectedBy(service: Field<IService>): readonly Workload[] {
    const selector = service.at('spec', 'selector').value;
    if (!isRecord(selector) || Object.keys(selector).length === 0) return [];
    return this.#candidates(service.object.namespace, selector).filter(
      (workload) => (workload.runsOn || workload.kind === 'Pod') && hasLabels(selector, workload.labels),
    );
  }

  /** The workloads whose pods a label selector selects. */
  selectedByLabels(namespace: string | null, selector: unknown): readonly Workload[] {
    const wanted = isRecord(selector) && isRecord(selector['matchLabels']) ? selector['matchLabels'] : {};
    return this.#candidates(namespace, wanted).filter((workload) => selects(selector, workload.labels));
  }

  /** The Services that send to a workload's pods. */
  servicesOf(workload: Workload): readonly Field<IService>[] {
    return this.#services.get(workload.object) ?? [];
  }

  /** True where pods are sent requests as far as this folder tells: a Service selects them, or a container names a port. */
  receivesRequests(workload: Workload): boolean {
    return this.servicesOf(workload).length > 0 || workload.ports.length > 0;
  }

  #candidates(namespace: string | null, wanted: Labels): readonly Workload[] {
    const place = namespace ?? '';
    const lists = Object.entries(wanted).map(([key, value]) => this.#byLabel.get(`${place} ${key}=${value}`) ?? []);
    const shortest = lists.toSorted((a, b) => a.length - b.length)[0];
    return shortest ?? this.#byLabel.get(place) ?? [];
  }
}

function append<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** Every folder at one time. Folders in which nothing differs are read only when a rule asks for them. */
export class World {
  readonly #folders: ReadonlyMap<string, () => Folder>;
  readonly #read = new Map<string, Folder>();
  readonly #argo: readonly ManifestObject[];
  readonly #mentions: (path: string, word: string) => boolean;

  /**
   * @param argo the Applications and AppProjects of all folders
   * @param mentions whether a word stands in the text of a folder
   */
  constructor(
    folders: ReadonlyMap<string, () => Folder>,
    argo: readonly ManifestObject[],
    mentions: (path: string, word: string) => boolean,
  ) {
    this.#folders = folders;
    this.#mentions = mentions;
    this.#argo = argo;
  }

  get paths(): readonly string[] {
    return [...this.#folders.keys()];
  }

  folder(path: string): Folder | undefined {
    const known = this.#read.get(path) ?? this.#folders.get(path)?.();
    if (known !== undefined) this.#read.set(path, known);
    return known;
  }

  /** True where a word stands in the text of a folder's files. */
  mentions(path: string, word: string): boolean {
    return this.#mentions(path, word);
  }

  get applications(): readonly Field<IApplication>[] {
    return this.#argo.flatMap((object) => object.as('argoproj.io/Application') ?? []);
  }

  /** The Applications that apply a folder. */
  applicationsOf(path: string): readonly Field<IApplication>[] {
    return this.applications.filter((application) => foldersOf(application).includes(path));
  }

  /**
   * The AppProject of an Application. Each cluster may have an Argo CD of its own, with projects of the same names: the one that stands
   * beside the Application counts.
   */
  projectOf(application: Field<IApplication>): Field<IAppProject> | undefined {
    const name = application.at('spec', 'project').text;
    const found = this.#argo
      .flatMap((object) => object.as('argoproj.io/AppProject') ?? [])
      .filter((project) => project.object.name === name);
    const folder = posix.dirname(application.object.path);
    return found.find(({ object }) => posix.dirname(object.path) === folder) ?? found[0];
  }
}

/** The folders of its repository that an Application reads, without `./` and a slash at the end. */
export function foldersOf(application: Field<IApplication>): readonly string[] {
  const sources = [application.at('spec', 'source'), ...application.at('spec', 'sources').items()];
  return sources.flatMap((source) => folderOf(source) ?? []);
}

/** The folder that a source of an Application reads; null for a chart. */
export function folderOf(source: Field<unknown>): string | null {
  const { text } = source.loose('path');
  return text === undefined ? null : normalized(text);
}

function normalized(path: string): string {
  return posix.normalize(path).replace(/^\/+/, '').replace(/\/+$/, '') || '.';
}
