import { posix } from 'node:path';
import type { IApplication } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application';
import type { IAppProject } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/AppProject';
import type { Folder } from './folder.ts';
import type { Field, ManifestObject } from './object.ts';

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
