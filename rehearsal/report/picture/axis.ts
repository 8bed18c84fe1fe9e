import { element } from '../markup.ts';
import type { Band, Frame } from './frame.ts';

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
