import { field, listField } from './field.ts';
import { isDeployment } from './kinds.ts';
import type { Rule } from './rule.ts';

/** Without a readiness probe a pod counts as ready when its process starts, and is sent requests before it listens. */
export const readinessMissing: Rule = ({ before, after }) => {
  if (!isDeployment(after)) return null;
  const blind = unprobed(after.document);
  if (blind === undefined) return null;
  const had = isDeployment(before) && unprobed(before.document) === undefined;
  const container = `in its container ${String(field(blind, 'name'))}`;
  const what = had ? `loses the readiness probe ${container}` : `has no readiness probe ${container}`;
  return `${what}. New pods are sent requests before they listen, and old ones end too early: give it a readinessProbe`;
};

/** The first container that takes requests and has no readiness probe; where none says a port, any may take them. */
function unprobed(document: unknown): unknown {
  const containers = listField(document, 'spec', 'template', 'spec', 'containers');
  const listening = containers.filter((container) => listField(container, 'ports').length > 0);
  const serving = listening.length > 0 ? listening : containers;
  return serving.find((container) => field(container, 'readinessProbe') === undefined);
}
