import type { ManifestObject } from '../documents.ts';
import { field, listField } from '../field.ts';
import { isDeployment, isWorkload } from '../kinds.ts';
import { type Container, containersOf } from '../pods.ts';
import type { ObjectRule } from '../rule.ts';

/** Without a readiness probe a pod counts as ready when its process starts, and is sent requests before it listens. */
export const readinessMissing: ObjectRule = ({ before, after }) => {
  if (!isWorkload(after)) return null;
  const blind = unprobed(after);
  if (blind === undefined) return null;
  const had = isWorkload(before) && unprobed(before) === undefined;
  const container = `in its container ${String(field(blind.container, 'name'))}`;
  const what = had ? `loses the readiness probe ${container}` : `has no readiness probe ${container}`;
  const says = `${what}. New pods are sent requests before they listen, and old ones end too early: give it a readinessProbe`;
  return { says, at: blind.at };
};

/**
 * The first container that takes requests and has no readiness probe. Where none of a Deployment says a port, any may take them;
 * the other kinds are used for much that takes none.
 */
function unprobed(object: ManifestObject): Container | undefined {
  const containers = containersOf(object);
  const listening = containers.filter(({ container }) => listField(container, 'ports').length > 0);
  const serving = listening.length > 0 || !isDeployment(object) ? listening : containers;
  return serving.find(({ container }) => field(container, 'readinessProbe') === undefined);
}
