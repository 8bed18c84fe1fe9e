import { element, escape, type Tones, versionsOf } from '../markup.ts';
import type { Figures, Second } from '../schema.ts';
import { count, listed, milliseconds, seconds } from '../words.ts';
import { type Band, bandTitle, type Frame, gridLine, runs, textWidth } from './frame.ts';

const top = 38;
const height = 110;
const bottom = top + height;

/** One lost request of hundreds would be thinner than a line: what is lost is drawn at least this high. */
const leastLossHeight = 5;

/** Bars reach under their neighbours by so many pixels: rounded to whole ones they would leave gaps. */
const overlap = 0.6;

/** The requests of one second and when it began. */
export type Bar = Second & { readonly atMs: number };

/** Requests per second, stacked by the version that answered; what was lost lies on top and is counted above. */
export function requestsBand(frame: Frame, { timeline, rollouts }: Figures, tones: Tones): Band {
  const bars = timeline.filter((entry) => entry.kind === 'requests');
  const versions = versionsOf(timeline);
  const most = Math.max(1, ...bars.map((bar) => perSecond(bar, answered(bar) + bar.failed)));
  const pushes = rollouts.map(({ committedAtMs }) => frame.x(committedAtMs));
  const svg = [
    gridLine(frame, top, count(Math.round(most))),
    gridLine(frame, bottom, '0'),
    ...bars.map((bar) => stack(frame, bar, versions, tones, height / most)),
  ];
  const words = [
    bandTitle(frame, 'Requests per second, by the version that answered'),
    ...versions.flatMap((version) => versionLabels(frame, bars, version, pushes)),
    lossLabels(frame, bars, top - 6),
  ];
  return { height: bottom, svg: svg.join(''), words: words.join('') };
}

function stack(frame: Frame, bar: Bar, versions: readonly string[], tones: Tones, pixelsPerRate: number): string {
  const x = frame.x(bar.atMs);
  const width = frame.x(bar.atMs + bar.durationMs) - x + overlap;
  const depth = (requests: number): number => perSecond(bar, requests) * pixelsPerRate;
  let y = bottom;
  const layer = (tone: string, layerHeight: number): string => {
    y -= layerHeight;
    return layerHeight === 0 ? '' : element('rect', { class: tone, x, y, width, height: layerHeight });
  };
  return element(
    'g',
    { class: 'bars' },
    tooltip(bar),
    ...versions.map((version) => layer(tones(version), depth(bar.answers[version] ?? 0))),
    bar.failed === 0 ? '' : layer('lost', Math.max(leastLossHeight, depth(bar.failed))),
  );
}

/** A version's name is at least so far from the line of a push, in pixels. */
const besideLine = 14;

/** Names a version in the middle of each time in which it gave most answers, and not on the line of a push. */
function versionLabels(
  frame: Frame,
  bars: readonly Bar[],
  version: string,
  pushes: readonly number[],
): readonly string[] {
  const isMost = (bar: Bar): boolean => (bar.answers[version] ?? 0) > 0.5 * (answered(bar) + bar.failed);
  return runs(bars, isMost).flatMap(([first, last]) => {
    const [from, to] = [frame.x(first.atMs), frame.x(last.atMs + last.durationMs)];
    const middleX = (from + to) / 2;
    const near = pushes.find((x) => Math.abs(x - middleX) < besideLine);
    const beside = near === undefined ? [middleX] : [near + besideLine, near - besideLine];
    const x = beside.find((each) => each > from + 8 && each < to - 8);
    if (x === undefined) return [];
    return element('text', { class: 'on-tone', x, y: top + height / 2 + 4, 'text-anchor': 'middle' }, escape(version));
  });
}

function tooltip({ atMs, answers, failed, failures }: Bar): string {
  const lost = failed === 0 ? '' : `; lost: ${listed(failures)}`;
  return element('title', {}, escape(`${seconds(atMs)}: ${listed(answers)}${lost}`));
}

function answered({ answers }: Bar): number {
  return Object.values(answers).reduce((sum, times) => sum + times, 0);
}

function perSecond({ durationMs }: Bar, requests: number): number {
  return (requests / Math.max(1, durationMs)) * 1_000;
}

const latencyTop = 20;
const latencyHeight = 46;
/** The latencies at the band's lower and upper edge, in milliseconds, on a scale of powers of ten. */
const latencyRange = [1, 10_000] as const;

/** How long answers took in each second: the slowest as a bar, the 99th percentile as its darker part. */
export function latencyBand(frame: Frame, { timeline }: Figures): Band {
  const edge = latencyTop + latencyHeight;
  const depth = (ms: number): number =>
    (Math.log10(Math.min(Math.max(ms, latencyRange[0]), latencyRange[1])) / Math.log10(latencyRange[1])) *
    latencyHeight;
  const bars = timeline.flatMap((entry) => {
    if (entry.kind !== 'requests') return [];
    const x = frame.x(entry.atMs);
    const width = frame.x(entry.atMs + entry.durationMs) - x + overlap;
    const bar = (tone: string, ms: number): string =>
      element('rect', { class: tone, x, y: edge - depth(ms), width, height: depth(ms) });
    const { p99, max } = entry.latencyMs;
    const said = element('title', {}, `${seconds(entry.atMs)}: p99 ${milliseconds(p99)}, max ${milliseconds(max)}`);
    return element('g', { class: 'bars' }, said, bar('slowest', max), bar('usual', p99));
  });
  const grid = [1, 100, 10_000].map((ms) =>
    gridLine(frame, edge - depth(ms), ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`),
  );
  const words = bandTitle(frame, 'Latency, 99th percentile and slowest, powers of ten');
  return { height: edge, svg: [...grid, ...bars].join(''), words };
}

const podsTop = 20;
const podsHeight = 46;
const podsBottom = podsTop + podsHeight;
const textHeight = 11;

interface Step {
  readonly atMs: number;
  readonly ready: number;
}

/** Where traffic could go, against the replicas asked for. What is missing is filled. */
export function capacityBand(frame: Frame, figures: Figures): Band {
  const asked = Math.max(0, ...figures.rollouts.map(({ replicas }) => replicas));
  const endMs = Math.min(frame.toMs, figures.durationMs);
  const steps = stepsWithin(frame, capacity(figures));
  const most = Math.max(1, asked, ...steps.map(({ ready }) => ready));
  const y = (ready: number): number => podsBottom - (ready / most) * podsHeight;
  const missing = stretches(steps, endMs).flatMap(({ fromMs, toMs, ready }) =>
    ready >= asked
      ? []
      : element('rect', {
          class: 'missing',
          x: frame.x(fromMs),
          y: y(asked),
          width: Math.max(2, frame.x(toMs) - frame.x(fromMs)),
          height: y(ready) - y(asked),
          fill: `url(#${frame.id}-missing)`,
        }),
  );
  const lowest = Math.min(...steps.map(({ ready }) => ready));
  const svg = [
    hatch(frame),
    gridLine(frame, podsBottom, '0'),
    asked === 0 ? '' : gridLine(frame, y(asked), count(asked)),
    lowest > 0 && y(lowest) - y(asked) >= textHeight ? gridLine(frame, y(lowest), count(lowest)) : '',
    ...missing,
    element('path', { class: 'capacity', d: stairs(frame, stretches(steps, endMs), y) }),
  ];
  return {
    height: podsBottom,
    svg: svg.join(''),
    words: bandTitle(frame, `Ready endpoints, of ${count(asked)} asked for`),
  };
}

/** Endpoints, or ready pods where no endpoint was told of. */
function capacity({ timeline }: Figures): readonly Step[] {
  const endpoints = timeline.filter((entry) => entry.kind === 'endpoints');
  if (endpoints.length > 0) return endpoints;
  return timeline.flatMap((entry) =>
    entry.kind === 'pods'
      ? { atMs: entry.atMs, ready: entry.pods.filter(({ state }) => state === 'ready').length }
      : [],
  );
}

/** What stood at the left edge, and what changed after it. */
function stepsWithin({ fromMs, toMs }: Frame, steps: readonly Step[]): readonly Step[] {
  const before = steps.findLast(({ atMs }) => atMs <= fromMs);
  const after = steps.filter(({ atMs }) => atMs > fromMs && atMs < toMs);
  return before === undefined ? after : [{ atMs: fromMs, ready: before.ready }, ...after];
}

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly ready: number;
}

function stretches(steps: readonly Step[], endMs: number): readonly Stretch[] {
  return steps.map(({ atMs, ready }, n) => ({ fromMs: atMs, toMs: steps[n + 1]?.atMs ?? endMs, ready }));
}

function stairs(frame: Frame, stood: readonly Stretch[], y: (ready: number) => number): string {
  const line = stood.map(
    ({ fromMs, toMs, ready }) => `${frame.x(fromMs).toFixed(1)} ${y(ready).toFixed(1)}H${frame.x(toMs).toFixed(1)}`,
  );
  return line.length === 0 ? '' : `M${line.join('L')}`;
}

/** The pattern of what is missing, so that it is told by more than its colour. */
function hatch({ id }: Frame): string {
  const size = { width: 5, height: 5, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' };
  const stripe = element('line', { class: 'hatch', x1: 0, x2: 0, y1: 0, y2: 5 });
  return element('defs', {}, element('pattern', { id: `${id}-missing`, ...size }, stripe));
}

interface Cluster {
  readonly from: number;
  readonly to: number;
  readonly lost: number;
}

/** A cross above each second that lost something, and the count in words: a loss is never a matter of colour alone. */
function lossLabels(frame: Frame, bars: readonly Bar[], y: number): string {
  const losing = bars.filter(({ failed }) => failed > 0);
  const crosses = losing.map((bar) => cross(middle(frame, bar), y));
  const labels = clusters(frame, losing).map(({ from, to, lost }) => {
    const text = lossWords(lost);
    const half = textWidth(text) / 2;
    const x = Math.min(Math.max((from + to) / 2, frame.left + half), frame.right - half);
    return element('text', { class: 'lost-label', x, y: y - 8, 'text-anchor': 'middle' }, escape(text));
  });
  return [...crosses, ...labels].join('');
}

/** Seconds whose labels would touch share one. */
function clusters(frame: Frame, losing: readonly Bar[]): readonly Cluster[] {
  const found: Cluster[] = [];
  for (const bar of losing) {
    const x = middle(frame, bar);
    const last = found.at(-1);
    const room = textWidth(lossWords(bar.failed)) + 12;
    if (last !== undefined && x - last.to < room)
      found.splice(-1, 1, { from: last.from, to: x, lost: last.lost + bar.failed });
    else found.push({ from: x, to: x, lost: bar.failed });
  }
  return found;
}

function lossWords(lost: number): string {
  return `${count(lost)} lost`;
}

function middle(frame: Frame, { atMs, durationMs }: Bar): number {
  return frame.x(atMs + durationMs / 2);
}

function cross(x: number, y: number): string {
  return element('path', { class: 'cross', d: `M${(x - 2.5).toFixed(1)} ${y - 2.5}l5 5m0 -5l-5 5` });
}
