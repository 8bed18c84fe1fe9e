import { element, escape } from '../markup.ts';
import type { Figures, RolloutFigures } from '../schema.ts';
import { headline } from '../sentences.ts';
import { seconds } from '../words.ts';
import { frameOf, timeShown } from './frame.ts';
import { playBand } from './play.ts';

/** A play as a picture for a page, drawn for a width in pixels. The page brings the style. */
export function inlinePicture(id: string, width: number, title: string, figures: Figures): string {
  const { height, svg, words } = playBand(frameOf(id, width, timeShown(figures)), figures);
  return element(
    'svg',
    { class: 'picture', viewBox: `0 0 ${width} ${Math.ceil(height)}`, ...labelled(id) },
    ...description(id, title, figures),
    svg,
    words,
  );
}

/** The attributes of a picture that is told by its title and its description. */
export function labelled(id: string): Record<string, string> {
  return { role: 'img', 'aria-labelledby': `${id}-title ${id}-desc` };
}

/** A picture in words, for those who don't see it. */
export function description(id: string, title: string, figures: Figures): readonly string[] {
  const told = [`${headline(figures)}.`, ...figures.rollouts.map(inWords)].join(' ');
  return [element('title', { id: `${id}-title` }, escape(title)), element('desc', { id: `${id}-desc` }, escape(told))];
}

function inWords(rollout: RolloutFigures): string {
  const { name, to, failed, replicas, minimumReadyPods } = rollout;
  return [
    `The ${name} of ${to}, pushed at ${seconds(rollout.committedAtMs)}, lost ${failed} requests`,
    `was synced after ${seconds(rollout.syncedAfterMs)}`,
    `answered first after ${seconds(rollout.firstAnswerAfterMs)}`,
    `was rolled out after ${seconds(rollout.completeAfterMs)}`,
    `and had at least ${minimumReadyPods ?? 'an unknown number'} of ${replicas} pods ready.`,
  ].join(', ');
}
