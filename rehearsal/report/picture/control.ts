import { element, escape } from '../markup.ts';
import type { Control } from '../schema.ts';
import { listed, outOf } from '../words.ts';
import { axis } from './axis.ts';
import { capacityBand } from './capacity.ts';
import { type Band, type Frame, frameOf, timeShown } from './frame.ts';
import { requestsBand } from './requests.ts';
import { stackBands } from './stack.ts';
import { textWidth } from './text.ts';
import { tonesOf } from './versions.ts';

const narrowest = 240;
const lineHeight = 19;

/**
 * The control in short, below the play that it belongs to: a second is as wide as there, and the plot ends where its play did.
 * What its clients lost stands beside it where there is room.
 */
export function controlBand(control: Control, title: string, main: Frame): Band {
  const [fromMs, toMs] = timeShown(control);
  const wanted = main.width - (main.toMs - main.fromMs - (toMs - fromMs)) * perMs(main);
  const width = Math.min(main.width, Math.max(narrowest, wanted));
  const frame = frameOf(`${main.id}-control`, width, [fromMs, toMs]);
  const plot = stackBands([requestsBand(frame, control, tonesOf(control)), capacityBand(frame, control)], 16);
  const subhead = element('text', { class: 'subhead', x: frame.left, y: 14 }, escape(title));
  const head = { height: 18, svg: '', words: subhead + told(control, width + 28, main.width) };
  return stackBands([head, stackBands([plot, axis(frame)], 4)], 12);
}

function perMs({ left, right, fromMs, toMs }: Frame): number {
  return (right - left) / (toMs - fromMs);
}

function told({ clients }: Control, x: number, end: number): string {
  const lines = clients.flatMap(({ kind, sent, failed, failures }) => [
    `${kind}: ${outOf(failed, sent)} lost`,
    ...(failed === 0 ? [] : [`as ${listed(failures)}`]),
  ]);
  const fits = x + Math.max(...lines.map(textWidth)) < end;
  if (!fits) return '';
  return lines.map((line, n) => element('text', { class: 'band', x, y: 80 + n * lineHeight }, escape(line))).join('');
}
