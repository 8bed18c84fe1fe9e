import { element, escape } from '../markup.ts';
import type { Figures, RolloutFigures } from '../schema.ts';
import { seconds } from '../words.ts';

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

const gutter = 44;
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
  const step = (steps.find((each) => each >= room) ?? 1_800) * 1_000;
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
export function placeLabels<Placed extends Extent>(
  series: readonly (readonly Placed[])[],
): readonly (Placed & { readonly line: number })[] {
  const placed: (Placed & { readonly line: number })[] = [];
  for (const labels of series) {
    let line = 0;
    for (const each of labels) {
      while (placed.some((other) => other.line === line && other.from < each.to && each.from < other.to)) line += 1;
      placed.push({ ...each, line });
      line += 1;
    }
  }
  return placed;
}

const row = 15;

/** A moment of a rollout, and where its words stand. */
interface Label extends Extent {
  readonly text: string;
  readonly tone: 'commit' | 'moment';
}

/** In a plot that is narrower, in pixels, only pushes have words: the page says the other moments below the picture. */
const narrowPlot = 560;

/**
 * The moments of each rollout, as steps that lead down into the picture: `height` is how far the lines reach below the labels.
 */
export function marksBand(frame: Frame, { rollouts }: Figures, height: number): Band {
  const isNarrow = frame.right - frame.left < narrowPlot;
  const series = rollouts.map((rollout, n) => moments(frame, rollout, rollouts[n + 1]?.committedAtMs ?? null));
  const placed = placeLabels(series.map((labels) => labels.filter(({ tone }) => tone === 'commit' || !isNarrow)));
  const lines = Math.max(0, ...placed.map(({ line }) => line + 1));
  const reach = lines === 0 ? 0 : lines * row + 6;
  const strokes = placed.map(({ x, line, tone }) =>
    element('line', { class: tone, x1: x, x2: x, y1: line * row + 2, y2: reach + height }),
  );
  const unnamed = isNarrow ? series.flat().filter(({ tone }) => tone === 'moment') : [];
  const dotted = unnamed.map(({ x }) =>
    element('line', { class: 'moment', x1: x, x2: x, y1: reach, y2: reach + height }),
  );
  const words = placed.map(({ x, from, line, tone, text }) => {
    const place = from < x ? { x: x - 4, 'text-anchor': 'end' } : { x: x + 4 };
    return element('text', { class: `${tone}-label`, y: line * row + 11, ...place }, escape(text));
  });
  return { height: reach, svg: [...dotted, ...strokes].join(''), words: words.join('') };
}

/** The moments of a rollout, whose words stay left of the next one's push: what is right of it belongs to that one. */
function moments(frame: Frame, rollout: RolloutFigures, nextPushMs: number | null): readonly Label[] {
  const end = nextPushMs === null ? frame.width : frame.x(nextPushMs);
  const { name, from, to, committedAtMs } = rollout;
  const later: readonly (readonly [string, number | null])[] = [
    ['synced', rollout.syncedAfterMs],
    ['first answer', rollout.firstAnswerAfterMs],
    ['rolled out', rollout.completeAfterMs],
    ['old pods gone', rollout.lastOldPodGoneAfterMs],
  ];
  const reached = later.flatMap(([what, afterMs]) =>
    afterMs === null ? [] : label(frame, committedAtMs + afterMs, `${what} ${seconds(afterMs)}`, 'moment', end),
  );
  return [label(frame, committedAtMs, `${name}: ${from ?? 'nothing'} → ${to}`, 'commit'), ...reached];
}

/** A label stands right of its line, or left of it where it would reach beyond an end. */
function label(frame: Frame, atMs: number, text: string, tone: Label['tone'], end = frame.width): Label {
  const x = frame.x(atMs);
  const width = textWidth(text) + 8;
  return x + width > end && x - width > 0
    ? { x, from: x - width, to: x, text, tone }
    : { x, from: x, to: x + width, text, tone };
}

const lineHeight = 16;
const swatch = 20;

const entries: readonly (readonly [text: string, swatch: string])[] = [
  ['pod starting', element('rect', { class: 'starting', x: 0.5, y: 0.5, width: 14, height: 8 })],
  ['ready', element('rect', { class: 'ready', x: 0, y: 0, width: 15, height: 9 })],
  ['draining', element('rect', { class: 'terminating', x: 0, y: 5, width: 15, height: 4 })],
  ['request lost', element('path', { class: 'cross', d: 'M5 2l5 5m0 -5l-5 5' })],
];

/** What the shapes mean, in as many lines as the width asks for. */
export function legend({ left, right }: Frame): Band {
  let x = left;
  let y = 0;
  const svg = entries.map(([text, shape]) => {
    const width = swatch + textWidth(text) + 18;
    if (x + width > right && x > left) {
      x = left;
      y += lineHeight;
    }
    const drawn = element(
      'g',
      { class: 'pod tone-0', transform: `translate(${x.toFixed(1)} ${y})` },
      shape,
      element('text', { class: 'number', x: swatch, y: 9 }, text),
    );
    x += width;
    return drawn;
  });
  return { height: y + lineHeight, svg: svg.join(''), words: '' };
}
