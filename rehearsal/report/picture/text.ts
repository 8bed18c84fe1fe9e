import { element, escape } from '../markup.ts';
import type { Frame } from './frame.ts';

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
