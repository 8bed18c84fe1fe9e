import { element, escape } from '../markup.ts';
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

/** Roughly the width of a character of the picture's text, in pixels. */
const characterWidth = 6.1;

/** Roughly how wide a text is drawn, in pixels. */
export function textWidth(text: string): number {
  return text.length * characterWidth;
}

/** What a band shows, in words above it. */
export function bandTitle({ left }: Frame, title: string): string {
  return element('text', { class: 'band', x: left, y: 11 }, escape(title));
}

/** A thin line across the plot with its number left of it. */
export function gridLine({ left, right }: Frame, y: number, number: string): string {
  return (
    element('line', { class: 'grid', x1: left, x2: right, y1: y, y2: y }) +
    element('text', { class: 'number', x: left - 6, y: y + 4, 'text-anchor': 'end' }, escape(number))
  );
}

const steps = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600];
const leastApart = 56;

/** Seconds since the start of the play, as many as there is room for. */
export function axis(frame: Frame): Band {
  const { fromMs, toMs } = frame;
  const room = (toMs - fromMs) / 1_000 / ((frame.right - frame.left) / leastApart);
  const step = (steps.find((seconds) => seconds >= room) ?? 1_800) * 1_000;
  const ticks: string[] = [];
  for (let atMs = Math.ceil(fromMs / step) * step; atMs <= toMs; atMs += step) {
    const x = frame.x(atMs);
    const fits = x < frame.right - 8;
    ticks.push(element('line', { class: 'tick', x1: x, x2: x, y1: 0, y2: 4 }));
    if (fits) ticks.push(element('text', { class: 'number', x, y: 17, 'text-anchor': 'middle' }, `${atMs / 1_000} s`));
  }
  const line = element('line', { class: 'tick', x1: frame.left, x2: frame.right, y1: 0, y2: 0 });
  return { height: 20, svg: line + ticks.join(''), words: '' };
}

/** Puts bands below one another, with a gap between them. */
export function stackBands(bands: readonly Band[], gap: number): Band {
  let height = 0;
  const placed = bands.map((band, n) => {
    const y = n === 0 ? 0 : height + gap;
    height = y + band.height;
    return [lowered(y, band.svg), lowered(y, band.words)] as const;
  });
  return { height, svg: placed.map(([svg]) => svg).join(''), words: placed.map(([, words]) => words).join('') };
}

/** Moves what is drawn from y = 0 down to another place. */
export function lowered(y: number, svg: string): string {
  return svg === '' ? '' : element('g', { transform: `translate(0 ${y.toFixed(1)})` }, svg);
}

/** The stretches of neighbours that all fulfil a condition, each as its first and its last member. */
export function runs<Value>(
  values: readonly Value[],
  fulfils: (value: Value) => boolean,
): readonly (readonly [first: Value, last: Value])[] {
  const found: [Value, Value][] = [];
  let open: [Value, Value] | null = null;
  for (const value of values) {
    if (!fulfils(value)) {
      open = null;
    } else if (open === null) {
      open = [value, value];
      found.push(open);
    } else {
      open[1] = value;
    }
  }
  return found;
}

/** How far a label reaches, in pixels; `x` is where its line is. */
export interface Extent {
  readonly x: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Gives each label a line of text, counted from the top, so that none covers another. The labels of one series go down step by
 * step, each below the one before.
 */
export function placeLabels<Label extends Extent>(
  series: readonly (readonly Label[])[],
): readonly (Label & { readonly line: number })[] {
  const placed: (Label & { readonly line: number })[] = [];
  for (const labels of series) {
    let line = 0;
    for (const label of labels) {
      while (placed.some((other) => other.line === line && other.from < label.to && label.from < other.to)) line += 1;
      placed.push({ ...label, line });
      line += 1;
    }
  }
  return placed;
}
