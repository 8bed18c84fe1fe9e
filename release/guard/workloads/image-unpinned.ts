import { field } from '../field.ts';
import { containersOf } from '../pods.ts';
import type { ObjectRule } from '../rule.ts';

/** A tag can be moved: a pod that starts again later may run what nobody reviewed, beside pods that run what was. */
export const imageUnpinned: ObjectRule = ({ after }) => {
  if (after === null) return null;
  const containers = [...containersOf(after, 'initContainers'), ...containersOf(after)];
  const loose = containers.find(({ container }) => !isPinned(field(container, 'image')));
  if (loose === undefined) return null;
  const says = `runs the image ${String(field(loose.container, 'image'))}, which has no digest. Two pods of it may run different code: name it as name:tag@sha256:...`;
  return { says, at: [...loose.at, 'image'] };
};

function isPinned(image: unknown): boolean {
  return typeof image === 'string' && /@sha256:[0-9a-f]{64}$/.test(image);
}
