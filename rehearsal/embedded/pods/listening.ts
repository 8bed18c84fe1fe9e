import type { V1Container } from '@kubernetes/client-node';

/** Where a program listens when its pod does not say otherwise by PORT: what its image exposes. */
const exposedPort = 8_080;

/** A port that the program of a pod is told to listen on. */
export interface ListeningPort {
  /** The variable that tells it. */
  readonly variable: string;
  /** The port of the pod's address. */
  readonly podPort: number;
}

/**
 * The ports that a container's program is told by variables: PORT, and each variable whose name ends in `_PORT` and whose
 * value is a port that the container declares. The pods of this machine share one address, so each of them has to be told
 * ports of its own, and the declaration tells such a variable from the port of a database.
 */
export function listeningPorts(
  container: Pick<V1Container, 'ports'>,
  variables: ReadonlyMap<string, string>,
): readonly ListeningPort[] {
  const declared = new Set((container.ports ?? []).map(({ containerPort }) => containerPort));
  const named = [...variables]
    .filter(([variable, value]) => variable.endsWith('_PORT') && declared.has(Number(value)))
    .map(([variable, value]) => ({ variable, podPort: Number(value) }));
  return [{ variable: 'PORT', podPort: Number(variables.get('PORT') ?? exposedPort) }, ...named];
}
