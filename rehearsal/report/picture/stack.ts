import { element } from '../markup.ts';
import type { Band } from './frame.ts';

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
