import { element } from '../markup.ts';
import type { Band, Frame } from './frame.ts';
import { textWidth } from './text.ts';

const row = 16;
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
      y += row;
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
  return { height: y + row, svg: svg.join(''), words: '' };
}
