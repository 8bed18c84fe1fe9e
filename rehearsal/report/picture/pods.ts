import { element, escape } from '../markup.ts';
import type { Figures } from '../schema.ts';
import { seconds } from '../words.ts';
import type { Band, Frame } from './frame.ts';
import { type Phase, type PodLife, podLives } from './pod-lives.ts';
import { bandTitle } from './text.ts';
import type { Tones } from './versions.ts';

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
