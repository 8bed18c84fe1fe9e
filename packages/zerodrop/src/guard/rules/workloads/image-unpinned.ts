import { type Fault, type Rule, warnedElsewhere } from '../../rule.ts';

/** A tag can be moved: a pod that starts again later may run what nobody reviewed, beside pods that run what was. */
export const imageUnpinned: Rule = {
  id: 'image-unpinned',
  title: 'An image has no digest',
  severity: warnedElsewhere,
  judges: 'change',
  faults: ({ before, after, changes }, _comparison, profile) =>
    changes.flatMap(({ before: old, after: object }): readonly Fault[] => {
      const runner = after.workload(object);
      if (runner === undefined) return [];
      const former = before.workload(old);
      const known = (former?.everyContainer ?? []).map((container) => container.at('image').value);
      const loose = runner.everyContainer.filter((container) => {
        const { value } = container.at('image');
        return value !== undefined && !isPinned(value) && !known.includes(value);
      });
      // Elsewhere tags are a custom; what counts is a digest that is given up.
      const wasPinned = known.length > 0 && known.every(isPinned);
      if (profile === 'any' && !wasPinned) return [];
      return loose.map((container) => {
        const image = container.at('image');
        return {
          at: image,
          what: `runs the image ${String(image.value)}, which has no digest`,
          why: 'The tag can be moved, and a pod that starts later, on another node, then runs what nobody has reviewed.',
          fix: 'Name the image as name:tag@sha256:...',
        };
      });
    }),
};

function isPinned(image: unknown): boolean {
  return typeof image === 'string' && /@sha256:[0-9a-f]{64}$/.test(image);
}
