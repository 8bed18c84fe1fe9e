import { field, listField } from './field.ts';
import { isDeployment } from './kinds.ts';
import type { Rule } from './rule.ts';

/** A tag can be moved: a pod that starts again later may run what nobody reviewed, beside pods that run what was. */
export const imageUnpinned: Rule = ({ after }) => {
  if (!isDeployment(after)) return null;
  const pod = field(after.document, 'spec', 'template', 'spec');
  const containers = [...listField(pod, 'initContainers'), ...listField(pod, 'containers')];
  const loose = containers.find((container) => !isPinned(field(container, 'image')));
  if (loose === undefined) return null;
  return `runs the image ${String(field(loose, 'image'))}, which has no digest. Two pods of it may run different code: name it as name:tag@sha256:...`;
};

function isPinned(image: unknown): boolean {
  return typeof image === 'string' && /@sha256:[0-9a-f]{64}$/.test(image);
}
