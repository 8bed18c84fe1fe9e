import type { Figures } from '../schema.ts';
import { axis } from './axis.ts';
import { capacityBand } from './capacity.ts';
import type { Band, Frame } from './frame.ts';
import { legend } from './legend.ts';
import { marksBand } from './marks.ts';
import { podsBand } from './pods.ts';
import { requestsBand } from './requests.ts';
import { lowered, stackBands } from './stack.ts';
import { tonesOf } from './versions.ts';

const gap = 18;

/** One play from top to bottom: marks, requests, pods, capacity, time. The marks run through all of it. */
export function playBand(frame: Frame, figures: Figures): Band {
  const tones = tonesOf(figures);
  const bands = stackBands(
    [requestsBand(frame, figures, tones), podsBand(frame, figures, tones), capacityBand(frame, figures)],
    gap,
  );
  const marks = marksBand(frame, figures, bands.height);
  const body = {
    height: marks.height + bands.height,
    svg: lowered(marks.height, bands.svg) + marks.svg,
    words: lowered(marks.height, bands.words) + marks.words,
  };
  return stackBands([body, stackBands([axis(frame), legend(frame)], 8)], 4);
}
