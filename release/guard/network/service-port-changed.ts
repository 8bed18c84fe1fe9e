import { isDeepStrictEqual } from 'node:util';
import { field, listField } from '../field.ts';
import { isService } from '../kinds.ts';
import type { ObjectRule } from '../rule.ts';

/**
 * A port that clients or load balancers use must stay as it is; one more does no harm. A new target reaches pods of the old
 * version, which do not listen there, and a renamed port has no endpoints until they are written anew under its name.
 */
export const servicePortChanged: ObjectRule = ({ before, after }) => {
  if (!isService(before) || !isService(after)) return null;
  const kept = ports(after.document);
  const lost = ports(before.document).find((old) => !kept.some((next) => isDeepStrictEqual(old, next)));
  if (lost === undefined) return null;
  const index = kept.findIndex(({ port }) => port === lost.port);
  const instead = kept[index];
  const change =
    instead === undefined ? `takes away port ${says(lost)}` : `changes port ${says(lost)} to ${says(instead)}`;
  return {
    says: `${change}. Requests to it fail at once: add the new port beside it, and take the old one away in a later release`,
    at: ['spec', 'ports', index],
  };
};

interface Port {
  readonly port: unknown;
  readonly targetPort: unknown;
  readonly protocol: unknown;
  readonly name: unknown;
  readonly nodePort: unknown;
}

/** With what the API server fills in where the manifest says nothing, but for the node port, which it then chooses once. */
function ports(document: unknown): readonly Port[] {
  return listField(document, 'spec', 'ports').map((entry) => {
    const port = field(entry, 'port');
    return {
      port,
      targetPort: field(entry, 'targetPort') ?? port,
      protocol: field(entry, 'protocol') ?? 'TCP',
      name: field(entry, 'name') ?? '',
      nodePort: field(entry, 'nodePort') ?? null,
    };
  });
}

function says({ port, targetPort, protocol, name, nodePort }: Port): string {
  const parts = [name === '' ? [] : [String(name)], nodePort === null ? [] : [`node port ${String(nodePort)}`]].flat();
  const more = parts.length === 0 ? '' : ` (${parts.join(', ')})`;
  return `${String(port)}/${String(protocol)} to ${String(targetPort)}${more}`;
}
