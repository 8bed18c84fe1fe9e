import { element, escape } from '../markup.ts';
import { count } from '../words.ts';
import type { Frame } from './frame.ts';
import type { Bar } from './requests.ts';
import { textWidth } from './text.ts';

interface Cluster {
  readonly from: number;
  readonly to: number;
  readonly lost: number;
}

/** A cross above each second that lost something, and the count in words: a loss is never a matter of colour alone. */
export function lossLabels(frame: Frame, bars: readonly Bar[], y: number): string {
  const losing = bars.filter(({ failed }) => failed > 0);
  const crosses = losing.map((bar) => cross(middle(frame, bar), y));
  const labels = clusters(frame, losing).map(({ from, to, lost }) => {
    const text = words(lost);
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
    const room = textWidth(words(bar.failed)) + 12;
    if (last !== undefined && x - last.to < room)
      found.splice(-1, 1, { from: last.from, to: x, lost: last.lost + bar.failed });
    else found.push({ from: x, to: x, lost: bar.failed });
  }
  return found;
}

function words(lost: number): string {
  return `${count(lost)} lost`;
}

function middle(frame: Frame, { atMs, durationMs }: Bar): number {
  return frame.x(atMs + durationMs / 2);
}

function cross(x: number, y: number): string {
  return element('path', { class: 'cross', d: `M${(x - 2.5).toFixed(1)} ${y - 2.5}l5 5m0 -5l-5 5` });
}
