import type { PlayRecord } from '../../record.ts';
import { outOf } from '../../report/words.ts';
import { isWithin, loadedSpans } from '../spans.ts';
import { failed } from '../tally.ts';

/** A control that lost nothing in its rollouts: then a zero of ours says nothing either. */
export function blindControl(control: PlayRecord | null): readonly string[] {
  if (control === null) return [];
  const lost = failed(control.samples);
  const spans = loadedSpans(control);
  if (lost.some(({ dueAt }) => spans.some((span) => isWithin(span, dueAt)))) return [];
  const figures = outOf(lost.length, control.samples.length);
  return [
    `The control, with the original settings, must lose requests in its rollouts and lost ${lost.length === 0 ? 'none' : 'none there'} (${figures} in all): the rehearsal cannot see a loss, so its figures prove nothing.`,
  ];
}

/** What a control lost before its first push: then the rig loses requests, not the rollout. */
export function lossyRig(control: PlayRecord | null): readonly string[] {
  const first = control === null ? undefined : loadedSpans(control)[0];
  if (control === null || first === undefined) return [];
  const early = failed(control.samples).filter(({ dueAt }) => dueAt < first.from);
  return early.length === 0
    ? []
    : [
        `The control lost ${outOf(early.length, control.samples.length)} requests before its first push: something else than a rollout loses requests here.`,
      ];
}
