import type { ManifestObject } from '../model/object.ts';

/** Begins the annotation by which an object allows a rule for as long as it stands there: `zerodrop.dev/allow.RULE: why`. */
export const allowingAnnotation = 'zerodrop.dev/allow.';

/** The reason that an object's annotation gives for breaking a rule; null where it gives none. */
export function annotationFor(object: ManifestObject, rule: string): string | null {
  const reason = object.annotation(`${allowingAnnotation}${rule}`)?.trim();
  return reason === undefined || reason === '' ? null : reason;
}
