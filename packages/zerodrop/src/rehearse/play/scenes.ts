import { UsageError } from '../../errors.ts';
import { expectedOneOf } from '../../options.ts';
import type { ImageFault, Part } from '../kubernetes/disturb.ts';
import type { ControlSettings } from '../manifests/rehearsed.ts';

/** What a step of a scene does. Versions count from 1, the one that runs first. */
export type Act =
  | { readonly kind: 'release'; readonly version: number; readonly fault?: ImageFault }
  /** `git revert` of the newest commit. */
  | { readonly kind: 'revert' }
  /** Changes the pod template, and not its image. */
  | { readonly kind: 'configure' }
  /** So many pods more or fewer: by a commit, or within an autoscaler's bounds as it does it. */
  | { readonly kind: 'scale'; readonly by: number }
  /** Ends the processes of a pod by SIGKILL. */
  | { readonly kind: 'kill' }
  /** Evicts each pod, one after the other, as the drain of a node does. */
  | { readonly kind: 'evict' }
  /** An endpoint's change takes longer to reach the traffic from now on: this part of the drain, from 0 to 1. */
  | { readonly kind: 'lag'; readonly ofDrain: number }
  | { readonly kind: 'away' | 'back'; readonly part: Part };

/**
 * What ends a step: the newest commit is rolled out, its pods fail, one of them is ready and old ones are left, none gets ready, its
 * deadline has passed, all pods are ready again, or so many seconds.
 */
export type Until = 'complete' | 'failing' | 'midway' | 'never ready' | 'deadline' | 'ready again' | number;

/** What a step may lose: nothing, what a bad version answers, or what a killed pod takes along. */
export type Loses = 'nothing' | 'errors' | 'killed';

export interface SceneStep {
  /** As the report calls it. */
  readonly name: string;
  readonly does: Act;
  readonly until: Until;
  readonly loses?: Loses;
  /** How many pods fewer than all may be ready. */
  readonly fewer?: number;
}

/** What is played under load once the first version runs. */
export interface Scene {
  readonly name: string;
  /** What is expected, in a few words. */
  readonly expected: string;
  /** What it is played with so that it must lose; null where nothing of it would. */
  readonly control: ControlSettings | null;
  readonly steps: readonly SceneStep[];
}

/** What stands before every scene. */
export const firstDeployment: SceneStep = {
  name: 'first deployment',
  does: { kind: 'release', version: 1 },
  until: 'complete',
};

const release: SceneStep = { name: 'release', does: { kind: 'release', version: 2 }, until: 'complete' };
const midway: SceneStep = { ...release, until: 'midway' };
const revert: SceneStep = { name: 'revert', does: { kind: 'revert' }, until: 'complete' };

function bad(fault: ImageFault, until: Until): SceneStep {
  return { name: 'bad release', does: { kind: 'release', version: 2, fault }, until };
}

function away(part: Part, until: Until): SceneStep {
  return { name: `${words[part]} away`, does: { kind: 'away', part }, until };
}

function back(part: Part): SceneStep {
  return { name: `${words[part]} back`, does: { kind: 'back', part }, until: 'complete' };
}

const words: Readonly<Record<Part, string>> = {
  git: 'git remote',
  registry: 'registry',
  'argo-cd': 'Argo CD',
  'api-server': 'API server',
};

/** How long a part is away in the middle of something, in seconds: Argo CD asks git three times meanwhile, and a lease runs out. */
const awaySeconds = 15;

/** A second after a push Argo CD has synced it, and no pod of it is ready. */
const soonSeconds = 1;

/** The scene that is played unless another is asked for. */
export const releaseAndRevert: Scene = {
  name: 'release-and-revert',
  expected: 'both roll out, nothing is lost',
  control: 'no-drain',
  steps: [release, revert],
};

/** Every scene, in the order of --list-scenes. */
export const scenes: readonly Scene[] = [
  releaseAndRevert,
  {
    name: 'bad-image',
    expected: 'the image of a release does not exist; its revert mends that, nothing is lost',
    control: 'original',
    steps: [bad('missing', 'failing'), revert],
  },
  {
    name: 'crash-at-start',
    expected: 'the pods of a release crash before they listen; its revert mends that, nothing is lost',
    control: 'original',
    steps: [bad('crash', 'failing'), revert],
  },
  {
    name: 'never-ready',
    expected: 'the pods of a release start and never get ready; its revert mends that, nothing is lost',
    control: 'original',
    steps: [bad('never ready', 'never ready'), revert],
  },
  {
    name: 'late-start',
    expected: 'a release starts later than its progress deadline; its revert mends that, nothing is lost',
    control: 'original',
    steps: [bad('late', 'deadline'), revert],
  },
  {
    name: 'bad-but-ready',
    expected:
      'the pods of a release get ready and answer with errors: these are lost until the revert is done, and nothing else',
    control: null,
    steps: [
      { ...bad('errors', 'midway'), loses: 'errors' },
      { ...revert, loses: 'errors' },
    ],
  },
  {
    name: 'revert-midway',
    expected: 'a release is reverted while pods of both versions run, nothing is lost',
    control: 'no-drain',
    steps: [midway, revert],
  },
  {
    name: 'two-merges',
    expected: 'a release follows another at once; the last one rolls out, nothing is lost',
    control: 'no-drain',
    steps: [
      { ...release, until: soonSeconds },
      { name: 'next release', does: { kind: 'release', version: 3 }, until: 'complete' },
    ],
  },
  {
    name: 'configuration',
    expected: 'the pod template changes and its image does not; change and revert roll out, nothing is lost',
    control: 'no-drain',
    steps: [{ name: 'configuration', does: { kind: 'configure' }, until: 'complete' }, revert],
  },
  {
    name: 'scale-midway',
    expected: 'a pod is added in the middle of a release, and one is taken away after it, nothing is lost',
    control: 'no-drain',
    steps: [
      midway,
      { name: 'scale up', does: { kind: 'scale', by: 1 }, until: 'complete' },
      { name: 'scale down', does: { kind: 'scale', by: -1 }, until: 'complete' },
    ],
  },
  {
    name: 'pod-killed',
    expected: 'a pod is killed by SIGKILL: what was open on it is lost, and what is sent to it until the traffic knows',
    control: null,
    steps: [{ name: 'pod killed', does: { kind: 'kill' }, until: 'ready again', loses: 'killed', fewer: 1 }],
  },
  {
    name: 'evictions',
    expected: 'each pod is evicted in turn, as often as the budget lets it, nothing is lost',
    control: 'no-drain',
    steps: [{ name: 'evictions', does: { kind: 'evict' }, until: 'ready again', fewer: 1 }],
  },
  {
    name: 'lag-jump',
    expected:
      'in the middle of a release the traffic learns of endpoints much later, yet within the drain, nothing is lost',
    control: 'no-drain',
    steps: [midway, { name: 'longer lag', does: { kind: 'lag', ofDrain: 0.8 }, until: 'complete' }, revert],
  },
  {
    name: 'git-away',
    expected:
      'the git remote is away in the middle of a release, which goes on, and so does its revert; nothing is lost',
    control: 'no-drain',
    steps: [midway, away('git', awaySeconds), back('git'), revert],
  },
  {
    name: 'registry-away',
    expected: 'the registry is away when a release is pushed, which rolls out once it is back, nothing is lost',
    control: 'no-drain',
    steps: [
      away('registry', soonSeconds),
      { ...release, does: { kind: 'release', version: 2, fault: 'withheld' }, until: 'failing' },
      back('registry'),
    ],
  },
  {
    name: 'argo-cd-away',
    expected: 'Argo CD is away when a release is pushed, which rolls out once it is back, nothing is lost',
    control: 'no-drain',
    steps: [away('argo-cd', soonSeconds), { ...release, until: awaySeconds }, back('argo-cd')],
  },
  {
    name: 'api-server-away',
    expected: 'the API server is away in the middle of a release, which goes on once it is back, nothing is lost',
    control: 'no-drain',
    steps: [midway, away('api-server', awaySeconds), back('api-server')],
  },
];

/** Reads `NAME[,NAME]` or `all`; the usual one where nothing is said. Throws {@link UsageError} where there is no such scene. */
export function scenesNamed(text: string | undefined): readonly Scene[] {
  if (text === undefined) return [releaseAndRevert];
  if (text === 'all') return scenes;
  const names = [...new Set(text.split(',').map((name) => name.trim()))];
  return names.map((name) => {
    const found = scenes.find((scene) => scene.name === name);
    if (found !== undefined) return found;
    const all = ['all', ...scenes.map((scene) => scene.name)];
    throw new UsageError(`--scene is ${JSON.stringify(name)}, ${expectedOneOf(all, name)}`);
  });
}

/** What --list-scenes prints: a line for each, with what is expected. */
export function sceneList(): string {
  const width = Math.max(...scenes.map(({ name }) => name.length));
  return scenes.map(({ name, expected }) => `${name.padEnd(width)}  ${expected}`).join('\n');
}

/** A pod that has not become ready for so long is one of a bad release, in milliseconds: a person would look at it by then. */
export const notReadyMs = 10_000;

/** What a step waits for, as the report says it. */
export function untilWords(until: Exclude<Until, 'complete'>): string {
  if (typeof until === 'number') return `${until} s have passed`;
  return {
    failing: 'its pods fail',
    midway: 'pods of both versions are ready',
    deadline: 'its progress deadline has passed',
    'never ready': `a pod has not become ready for ${notReadyMs / 1_000} s`,
    'ready again': 'all pods are ready again',
  }[until];
}
