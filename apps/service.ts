import type { LosslessServiceProps } from './lossless/lossless-service.ts';

/**
 * What your service needs beyond what an environment says of it: `env`, `egress`, `cpu`, `memory`, `port`, `managementPort`,
 * `collectors`, `startupSeconds`, `longestRequestSeconds`. The numbers that depend on them follow.
 *
 * Nothing may be reached unless `egress` says so, name servers included: a service with a database needs both. An example:
 * `egress: [{ to: [{ namespaceSelector: {} }], ports: [{ port: k8s.IntOrString.fromNumber(53), protocol: 'UDP' }] }]`.
 */
export const service: Pick<
  LosslessServiceProps,
  | 'env'
  | 'egress'
  | 'cpu'
  | 'memory'
  | 'port'
  | 'managementPort'
  | 'collectors'
  | 'startupSeconds'
  | 'longestRequestSeconds'
> = {};
