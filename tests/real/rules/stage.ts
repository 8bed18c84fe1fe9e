import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { field, listField } from '../field.ts';
import { perform } from './acts.ts';
import { adapt } from './adapt.ts';
import { followingHands, type FollowingHands, usualApplication } from './argo-cd.ts';
import type { Cluster } from './cluster.ts';
import { applyingHands, type Hands } from './hands.ts';
import type { Images } from './images.ts';
import { type Files, type Manifest, objectsOf } from './manifest.ts';
import type { Act, Play } from './play.ts';
import { watchObjects, type Watch } from './watch.ts';

/** What every play uses. */
export interface Surroundings {
  readonly cluster: Cluster;
  readonly images: Images;
  readonly folder: string;
  readonly signal: AbortSignal;
}

const usualLimitSeconds = 40;

/** A namespace in which one example is played. */
export class Stage {
  readonly name: string;
  readonly #around: Surroundings;
  readonly #play: Play;
  /** What is added to files without an Application; nothing where no Application follows them. */
  readonly #missing: readonly Manifest[];
  readonly #before: Files;
  readonly #hands: Hands;
  readonly #following: FollowingHands | null;
  readonly #limitMs: number;
  #files: Files;
  #watch: Watch | null = null;
  #nodePort: number | null = null;
  #putAt = 0;
  #unfinished: string | null = null;
  /** What an act did not do in time. */
  #undone: string | null = null;
  #said: string | null = null;

  private constructor(around: Surroundings, play: Play, name: string, before: Files, following: FollowingHands | null) {
    this.name = name;
    this.#around = around;
    this.#play = play;
    this.#following = following;
    this.#hands = following ?? applyingHands(around.cluster);
    const had = new Set(objectsOf(before).map(({ kind }) => kind));
    this.#missing = following === null ? [] : usualApplication.filter(({ kind }) => !had.has(kind));
    this.#before = this.#complete(before);
    this.#files = this.#before;
    this.#limitMs = (play.limitSeconds ?? usualLimitSeconds) * 1_000;
  }

  static async open(around: Surroundings, play: Play, name: string, before: Files): Promise<Stage> {
    const { cluster, folder, signal } = around;
    const isFollowed = play.by === 'Argo CD';
    const following = isFollowed ? await followingHands(cluster, name, path.join(folder, name), signal) : null;
    return new Stage(around, play, name, before, following);
  }

  /** Brings the state before the change to the cluster, and waits until it is at rest. */
  async begin(changed: Files): Promise<void> {
    const { cluster } = this.#around;
    await cluster.apply(this.#namespace);
    const { next, prepare = [] } = this.#play;
    if (next !== undefined) await this.#following?.fill('next', this.#adapted(next(this.#before)));
    const objects = [...objectsOf(this.#adapted(this.#before)), ...objectsOf(this.#adapted(changed))];
    const watched = objects.filter(({ apiVersion }) => !apiVersion.startsWith('argoproj.io'));
    await this.#put(this.#before);
    this.#watch = await watchObjects(cluster, this.name, watched);
    await this.#settle(120_000);
    for (const name of prepare) await this.act(name);
    const { isDone } = await this.#hands.progress();
    if (!isDone || this.#unfinished !== null) {
      const why = this.#unfinished ?? this.#said ?? 'it is not synced';
      throw new Error(`${this.name}: the state before does not come to rest: ${why}`);
    }
    this.#nodePort = await nodePortOf(cluster, this.name);
    this.#watch = await watchObjects(cluster, this.name, watched);
    this.#said = null;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#nodePort}`;
  }

  async change(changed: Files): Promise<void> {
    await this.#put(this.#complete(changed));
    await this.#settle(this.#limitMs);
  }

  async act(name: Act): Promise<void> {
    const scene = {
      ...this.#around,
      namespace: this.name,
      before: this.#before,
      files: this.#files,
      limitMs: this.#limitMs,
      put: async (files: Files) => this.#put(files),
    };
    this.#undone = (await perform(name, scene)) ?? this.#undone;
    await this.#settle(this.#limitMs);
  }

  async watchFor(seconds: number): Promise<void> {
    const until = Date.now() + seconds * 1_000;
    while (Date.now() < until) {
      await this.#watch?.look();
      await pause(500, undefined, { signal: this.#around.signal });
    }
  }

  /** What became of the objects, and what was said. What did not happen is left out. */
  async seen(): Promise<object> {
    const { isDone } = await this.#hands.progress();
    const stuck = this.#undone ?? this.#unfinished;
    const { gone = [], remade = [], fewer } = this.#watch ?? {};
    return {
      ...(this.#said === null ? {} : { refused: this.#plain(this.#said) }),
      ...(stuck === null ? {} : { stuck: this.#plain(stuck) }),
      ...(gone.length === 0 ? {} : { gone: gone.map((one) => this.#plain(one)) }),
      ...(remade.length === 0 ? {} : { remade }),
      ...(isDone || this.#following === null ? {} : { waits: Math.round((Date.now() - this.#putAt) / 1_000) }),
      ...(fewer === undefined ? {} : { fewer }),
    };
  }

  async strike(): Promise<void> {
    await this.#hands.strike();
    await this.#around.cluster.remove(this.#namespace);
  }

  get #namespace(): Manifest {
    return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: this.name } };
  }

  #adapted(files: Files): Files {
    const repository = this.#following?.repository ?? '';
    return adapt(
      files,
      { name: this.name, images: this.#around.images, repository, nodePort: this.#nodePort },
      this.#play,
    );
  }

  /** The same files with an Application and a project, where there were none before the change. */
  #complete(files: Files): Files {
    return this.#missing.length === 0 ? files : new Map([...files, ['argocd/web.yaml', this.#missing]]);
  }

  async #put(files: Files): Promise<void> {
    this.#files = files;
    this.#putAt = Date.now();
    await this.#hands.put(this.#adapted(files));
  }

  /** Waits until everything is applied and rolled out, so long at most. */
  async #settle(withinMs: number): Promise<void> {
    const until = Date.now() + withinMs;
    const deployments = objectsOf(this.#adapted(this.#files)).filter(({ kind }) => kind === 'Deployment');
    for (;;) {
      await pause(500, undefined, { signal: this.#around.signal });
      await this.#watch?.look();
      const progress = await this.#hands.progress();
      this.#said = progress.said ?? this.#said;
      this.#unfinished = (await this.#watch?.unfinished(deployments)) ?? null;
      if ((progress.isDone && this.#unfinished === null) || Date.now() > until) return;
    }
  }

  /** What was said, with the names of the page. */
  #plain(text: string): string {
    const repository = this.#following?.repository;
    return (repository === undefined ? text : text.replaceAll(repository, 'https://git.example/shop'))
      .replaceAll(this.name, 'shop')
      .replaceAll(/\S+\/guard-played/g, 'registry.example/web')
      .replaceAll(/\s+/g, ' ')
      .slice(0, 240);
  }
}

async function nodePortOf(cluster: Cluster, namespace: string): Promise<number> {
  const { body } = await cluster.get({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace } });
  return Number(field(listField(body, 'spec', 'ports')[0], 'nodePort'));
}
