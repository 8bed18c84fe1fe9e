import type { k8s } from 'cdk8s-plus-28';
import { says } from '../../settings/value.ts';
import { amountFault, quantityFault } from '../validation/quantity.ts';

/** What an app says of its container. */
export interface ContainerRequest {
  /** Of requests. */
  readonly port: number;
  /** Of probes and metrics. */
  readonly managementPort: number;
  readonly cpu: string;
  readonly memory: string;
  /** The app's own, after those that are derived. */
  readonly env: readonly k8s.EnvVar[];
}

/** What can't be in what an app says of its container, a sentence each, which begins with the value's name. */
export function* containerProblems(request: ContainerRequest, derived: readonly k8s.EnvVar[]): Generator<string> {
  const { env } = request;
  for (const name of ['port', 'managementPort'] as const) {
    const port = request[name];
    if (Number.isInteger(port) && port >= 1 && port <= 65_535) continue;
    yield `${name} ${says(port)}. Set it to a whole number from 1 to 65535.`;
  }
  if (request.port === request.managementPort) {
    yield `managementPort is ${request.port}, the port of requests as well. Set it to another.`;
  }
  for (const resource of ['cpu', 'memory'] as const) {
    const amount = request[resource];
    const fault = quantityFault(amount) ?? amountFault(resource, amount);
    if (fault !== null) yield `${resource} ${fault}.`;
  }
  const taken = new Set(derived.map(({ name }) => name));
  const seen = new Set<string>();
  for (const { name } of env) {
    if (taken.has(name))
      yield `env sets ${name}, which follows from the other values and is set already. Remove it from env.`;
    else if (seen.has(name))
      yield `env sets ${name} twice, and Kubernetes would refuse the Deployment. Keep one of them.`;
    seen.add(name);
  }
}
