import type { k8s } from 'cdk8s-plus-28';
import { says } from '../../settings/value.ts';
import { amountFault, quantityFault } from '../validation/quantity.ts';
import type { Workload } from '../workload/schema.ts';
import type { PodRequest } from './pod-spec.ts';

/** What can't be in what a service says of its container, a sentence each, which begins with the value's name. */
export function* containerProblems(
  request: Pick<PodRequest, 'port' | 'managementPort' | 'cpu' | 'memory' | 'env'>,
  derived: readonly k8s.EnvVar[],
  config: Workload['config'] = {},
): Generator<string> {
  const { env = {} } = request;
  for (const name of ['port', 'managementPort'] as const) {
    const port = request[name];
    if (port === null) continue;
    if (Number.isInteger(port) && port >= 1 && port <= 65_535) continue;
    yield `${name} ${says(port)}. Set it to a whole number from 1 to 65535.`;
  }
  if (request.port !== null && request.port === request.managementPort) {
    yield `managementPort is ${request.port}, the port of requests as well. Set it to another.`;
  }
  for (const resource of ['cpu', 'memory'] as const) {
    const amount = request[resource];
    const fault = quantityFault(amount) ?? amountFault(resource, amount);
    if (fault !== null) yield `${resource} ${fault}.`;
  }
  for (const { name } of derived) {
    if (Object.hasOwn(env, name))
      yield `env sets ${name}, which follows from the other values and is set already. Remove it from env.`;
    if (Object.hasOwn(config, name))
      yield `config sets ${name}, which follows from the other values and is set already. Remove it from config.`;
  }
  for (const name of Object.keys(config)) {
    if (Object.hasOwn(env, name)) yield `config sets ${name}, and so does env, which is taken. Keep one of them.`;
  }
}
