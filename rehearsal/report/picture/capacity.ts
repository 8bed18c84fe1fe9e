import { element } from '../markup.ts';
import type { Figures } from '../schema.ts';
import { count } from '../words.ts';
import type { Band, Frame } from './frame.ts';
import { bandTitle, gridLine } from './text.ts';

const top = 20;
const height = 46;
const bottom = top + height;
const textHeight = 11;

interface Step {
  readonly atMs: number;
  readonly ready: number;
}

/** Where traffic could go, against the replicas asked for. What is missing is filled. */
export function capacityBand(frame: Frame, figures: Figures): Band {
  const asked = Math.max(0, ...figures.rollouts.map(({ replicas }) => replicas));
  const endMs = Math.min(frame.toMs, figures.durationMs);
  const steps = standing(frame, capacity(figures));
  const most = Math.max(1, asked, ...steps.map(({ ready }) => ready));
  const y = (ready: number): number => bottom - (ready / most) * height;
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
    gridLine(frame, bottom, '0'),
    gridLine(frame, y(asked), count(asked)),
    lowest > 0 && y(lowest) - y(asked) >= textHeight ? gridLine(frame, y(lowest), count(lowest)) : '',
    ...missing,
    element('path', { class: 'capacity', d: stairs(frame, stretches(steps, endMs), y) }),
  ];
  return {
    height: bottom,
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
function standing({ fromMs, toMs }: Frame, steps: readonly Step[]): readonly Step[] {
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
