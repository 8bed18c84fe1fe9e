import type { Figures } from '../schema.ts';

/** Where a picture puts time, from left to right. */
export interface Frame {
  /** A unique name, so that several pictures can stand on one page. */
  readonly id: string;
  readonly width: number;
  /** The edges of what is plotted; numbers stand left of it. */
  readonly left: number;
  readonly right: number;
  /** The time shown, in milliseconds from the start of the play. */
  readonly fromMs: number;
  readonly toMs: number;
  x(atMs: number): number;
}

/** A strip of the picture, drawn from y = 0 down. */
export interface Band {
  readonly height: number;
  readonly svg: string;
  /** Words that stand before everything, the marks' lines too. */
  readonly words: string;
}

const gutter = 34;
const rightMargin = 14;
const leadMs = 1_000;

/** A time that is shown, in milliseconds from the start of the play. */
export type TimeShown = readonly [fromMs: number, toMs: number];

/** The time that matters in a play: from a second before its load until a second after the last thing that happened. */
export function timeShown({ timeline, durationMs }: Figures): TimeShown {
  const load = timeline.filter((entry) => entry.kind === 'requests');
  const first = load[0];
  const last = load.at(-1);
  if (first === undefined || last === undefined) return [0, Math.max(durationMs, leadMs)];
  const marks = timeline.flatMap((entry) => (entry.kind === 'mark' ? entry.atMs : []));
  return [Math.max(0, first.atMs - leadMs), Math.max(last.atMs + last.durationMs, ...marks) + leadMs];
}

/** A frame that shows a time in so many pixels. */
export function frameOf(id: string, width: number, [fromMs, toMs]: TimeShown): Frame {
  const left = gutter;
  const right = width - rightMargin;
  const perMs = (right - left) / (toMs - fromMs);
  // What began before is cut off at the edge.
  const x = (atMs: number): number => left + (Math.min(Math.max(atMs, fromMs), toMs) - fromMs) * perMs;
  return { id, width, left, right, fromMs, toMs, x };
}
