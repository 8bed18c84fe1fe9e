import { element, escape } from '../markup.ts';
import type { Figures, RolloutFigures } from '../schema.ts';
import { seconds } from '../words.ts';
import { type Band, type Extent, type Frame, placeLabels, textWidth } from './frame.ts';

const row = 15;

/** A moment of a rollout, and where its words stand. */
interface Label extends Extent {
  readonly text: string;
  readonly tone: 'commit' | 'moment';
}

/**
 * The moments of each rollout, as steps that lead down into the picture: `height` is how far the lines reach below the labels.
 */
export function marksBand(frame: Frame, { rollouts }: Figures, height: number): Band {
  const placed = placeLabels(rollouts.map((rollout) => moments(frame, rollout)));
  const lines = Math.max(0, ...placed.map(({ line }) => line + 1));
  const reach = lines === 0 ? 0 : lines * row + 6;
  const strokes = placed.map(({ x, line, tone }) =>
    element('line', { class: tone, x1: x, x2: x, y1: line * row + 2, y2: reach + height }),
  );
  const words = placed.map(({ x, from, line, tone, text }) => {
    const place = from < x ? { x: x - 4, 'text-anchor': 'end' } : { x: x + 4 };
    return element('text', { class: `${tone}-label`, y: line * row + 11, ...place }, escape(text));
  });
  return { height: reach, svg: strokes.join(''), words: words.join('') };
}

function moments(frame: Frame, rollout: RolloutFigures): readonly Label[] {
  const { name, from, to, committedAtMs } = rollout;
  const later: readonly (readonly [string, number | null])[] = [
    ['synced', rollout.syncedAfterMs],
    ['first answer', rollout.firstAnswerAfterMs],
    ['rolled out', rollout.completeAfterMs],
    ['old pods gone', rollout.lastOldPodGoneAfterMs],
  ];
  const reached = later.flatMap(([what, afterMs]) =>
    afterMs === null ? [] : label(frame, committedAtMs + afterMs, `${what} ${seconds(afterMs)}`, 'moment'),
  );
  return [label(frame, committedAtMs, `${name}: ${from ?? 'nothing'} → ${to}`, 'commit'), ...reached];
}

/** A label stands right of its line, or left of it where it would be cut off. */
function label(frame: Frame, atMs: number, text: string, tone: Label['tone']): Label {
  const x = frame.x(atMs);
  const width = textWidth(text) + 8;
  return x + width > frame.width
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
