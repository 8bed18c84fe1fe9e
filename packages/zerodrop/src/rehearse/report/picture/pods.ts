import type { PodState } from '../../../rollout/watch.ts';
import { element, escape } from '../markup.ts';
import type { Figures } from '../schema.ts';
import { seconds } from '../words.ts';
import { type Band, bandTitle, type Frame } from './frame.ts';

const top = 20;
const most = 190;
const tallest = 12;
const shortest = 3;

/** A line for each pod: what state it was in, and for how long. Replacing them draws a staircase. */
export function podsBand(frame: Frame, figures: Figures, tones: Tones): Band {
  const lives = podLives(figures).filter((life) => endOf(life) > frame.fromMs);
  const row = Math.min(tallest, Math.max(shortest, Math.floor(most / Math.max(1, lives.length))));
  const lines = lives.map((life, n) => line(frame, life, tones(life.version), top + n * row, row));
  const names = lives.map((life, n) =>
    life.replicaSet === lives[n - 1]?.replicaSet ? '' : setName(frame, life, top + n * row + Math.min(row, 10)),
  );
  return {
    height: top + lives.length * row,
    svg: lines.join(''),
    words: [bandTitle(frame, 'Pods'), ...names].join(''),
  };
}

function line(frame: Frame, life: PodLife, tone: string, y: number, row: number): string {
  const thick = row - Math.max(1, Math.round(row / 4));
  const told = life.phases.map(({ state, fromMs, toMs }) => `${state} ${seconds(fromMs)} to ${seconds(toMs)}`);
  const title = `${life.name}, ${life.version}: ${told.join(', ')}`;
  const shown = life.phases.filter(({ toMs }) => toMs > frame.fromMs);
  return element(
    'g',
    { class: `pod ${tone}` },
    element('title', {}, escape(title)),
    ...shown.map((phase) => shape(frame, phase, y, thick)),
  );
}

/** A state is a shape as much as a shade: a line, a hollow bar, a full bar, a bar that has sunk. */
function shape(frame: Frame, { state, fromMs, toMs }: Phase, y: number, thick: number): string {
  const x = frame.x(fromMs);
  const width = Math.max(0, frame.x(toMs) - x);
  switch (state) {
    case 'pending':
      return element('line', { class: 'pending', x1: x, x2: x + width, y1: y + thick / 2, y2: y + thick / 2 });
    case 'starting':
      return element('rect', { class: 'starting', x: x + 0.5, y: y + 0.5, width, height: Math.max(1, thick - 1) });
    case 'terminating':
      return element('rect', { class: 'terminating', x, y: y + thick * 0.6, width, height: thick * 0.4 });
    case 'ready':
    case 'failed':
      return element('rect', { class: state, x, y, width, height: thick });
  }
}

/** The version, left of the first pod of a ReplicaSet: in the margin for those that were there before. */
function setName(frame: Frame, { version, phases }: PodLife, y: number): string {
  const x = frame.x(phases[0]?.fromMs ?? 0) - 6;
  return element('text', { class: 'number', x, y, 'text-anchor': 'end' }, escape(version));
}

function endOf({ phases }: PodLife): number {
  return phases.at(-1)?.toMs ?? 0;
}

/** One pod from when it was first seen until it was seen no more. */
export interface PodLife {
  readonly name: string;
  readonly replicaSet: string;
  readonly version: string;
  readonly phases: readonly Phase[];
}

/** A time that a pod spent in one state, in milliseconds from the start of the play. */
export interface Phase {
  readonly state: PodState;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The lives of all pods, in the order in which they began. */
export function podLives({ timeline, durationMs }: Figures): readonly PodLife[] {
  const lives = new Map<string, { replicaSet: string; version: string; phases: Phase[] }>();
  const moments = timeline.filter((entry) => entry.kind === 'pods');
  for (const [n, { atMs, pods }] of moments.entries()) {
    const toMs = moments[n + 1]?.atMs ?? durationMs;
    for (const { name, replicaSet, version, state } of pods) {
      const life = lives.get(name) ?? { replicaSet, version, phases: [] };
      lives.set(name, life);
      const last = life.phases.at(-1);
      if (last?.state === state) life.phases.splice(-1, 1, { ...last, toMs });
      else life.phases.push({ state, fromMs: atMs, toMs });
    }
  }
  return [...lives].map(([name, life]) => ({ name, ...life }));
}

const tones = 4;

/** Which version has which tone: the class name of a version, by the order in which versions appear. */
export type Tones = (version: string) => string;

/** The tones of a play. Its first version has the first one in every play, so that two pictures can be compared. */
export function tonesOf({ timeline }: Figures): Tones {
  const versions = versionsOf(timeline);
  return (version) => `tone-${Math.max(0, versions.indexOf(version)) % tones}`;
}

/** All versions that a play knows, in the order in which they appear. */
export function versionsOf(timeline: Figures['timeline']): readonly string[] {
  const named = timeline.flatMap((entry) => {
    if (entry.kind === 'mark') return [entry.version];
    return entry.kind === 'requests' ? Object.keys(entry.answers) : [];
  });
  return [...new Set(named)];
}
