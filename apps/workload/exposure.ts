import { z } from 'zod';
import { parseRange } from '../../settings/google/network.ts';
import { object, oneOf } from '../../settings/sentences.ts';
import { port } from './parts.ts';

const exposures = ['gateway', 'load-balancer', 'node-port', 'cluster-ip'] as const;

/**
 * How requests reach the service from outside: `gateway` by host names and HTTPS through the Google L7 load balancer of its environment,
 * `load-balancer` through an L4 one of its own.
 */
export type Exposure = (typeof exposures)[number];

export const exposure = oneOf(exposures);

const hostName = ", expected a host name such as 'www.example.com'.";
const withoutDomain =
  ", which is no name of a domain, so nobody finds it and no certificate is signed for it. Write all of it, such as 'www.example.com'.";
const host = z.string(hostName).superRefine((name, context) => {
  const isLabels = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name);
  // Of the last label a domain has letters; a certificate's name has 64 characters at most.
  if (isLabels && /\.[a-z]{2,63}$|\.xn--[a-z0-9-]+$/.test(name) && name.length <= 64) return;
  const message = isLabels && !name.includes('.') ? withoutDomain : hostName;
  context.addIssue({ code: 'custom', message });
});
const noHost =
  " has no entry, but a gateway's route and its certificate are of a host name. Write one such as 'www.example.com'.";
export const hosts = z
  .array(host, ", expected a list of host names such as ['www.example.com'].")
  .min(1, noHost)
  .refine((names) => new Set(names).size === names.length, ' names one host twice. Keep one of each.')
  .readonly();

const prefix = ", expected the beginning of a path such as '/api': no / at the end, and no *, //, . and .. in it.";
export const pathPrefix = z
  .string(prefix)
  .refine(
    (path) => path === '/' || (/^(?:\/[\w.~!$&'()+,;=:@-]+)+$/.test(path) && !/\/\.{1,2}(?:\/|$)/.test(path)),
    prefix,
  );

const everySeconds = ', expected whole seconds from 1 to 300.';
export const healthCheck = object(
  {
    path: z
      .string(", expected a path such as '/healthz'.")
      .startsWith('/', ", expected a path such as '/healthz'.")
      .exactOptional(),
    /** That of requests unless said, or that of the readiness probe where the path is its own. */
    port: port.exactOptional(),
    intervalSeconds: z.int(everySeconds).min(1, everySeconds).max(300, everySeconds).exactOptional(),
  },
  'path, port or intervalSeconds',
);

// A load balancer of these clusters has an IPv4 address, and one rule of Google's firewall has ranges of one kind.
const range = ", expected a range of IPv4 addresses such as '203.0.113.0/24' that begins at its own first address.";
export const sourceRanges = z
  .array(
    z.string(range).refine((text) => parseRange(text) !== null, range),
    ', expected a list of ranges of addresses.',
  )
  .min(1, ' has no entry, and so would let everybody in. Leave it out, or write a range.')
  .refine((ranges) => new Set(ranges).size === ranges.length, ' names one range twice. Keep one of each.')
  .readonly();

const googleName = ", expected the name of a Cloud Armor policy such as 'shield'.";
export const securityPolicy = z.string(googleName).regex(/^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/, googleName);

const ofGateway = ['hosts', 'path', 'healthCheck', 'securityPolicy'] as const;
/** What a service says of how it is reached. */
interface Exposed {
  readonly exposure: Exposure;
  readonly hosts?: readonly string[];
  readonly path?: string;
  readonly healthCheck?: { readonly path?: string };
  readonly securityPolicy?: string;
  readonly probes?: { readonly readiness: object };
  readonly externalTrafficPolicy?: string;
  readonly sourceRanges?: readonly string[];
}

/** What goes with one exposure only: the setting, and the rest of a sentence about it. */
export function* exposureProblems(web: Exposed): Generator<readonly [string, string]> {
  const { exposure: by, probes: asked } = web;
  if (web.externalTrafficPolicy !== undefined && (by === 'cluster-ip' || by === 'gateway')) {
    const why =
      by === 'gateway' ? 'a gateway sends requests to the pods themselves' : 'cluster-ip takes no traffic from outside';
    yield ['externalTrafficPolicy', `, but ${why}. Leave it out.`];
  }
  if (web.sourceRanges !== undefined && by !== 'load-balancer') {
    const instead = by === 'gateway' ? 'name a Cloud Armor policy: securityPolicy' : 'leave it out';
    yield ['sourceRanges', ` is set, but only a load-balancer has it. With exposure ${by}, ${instead}.`];
  }
  if (by !== 'gateway') {
    for (const name of ofGateway) {
      if (web[name] !== undefined)
        yield [name, ` is set, but only exposure gateway has it. Leave it out, or set exposure to gateway.`];
    }
    return;
  }
  if (web.hosts === undefined) {
    yield [
      'hosts',
      `, but a gateway needs a host name: its route and its certificate are of one. Write hosts: ['www.example.com'].`,
    ];
  }
  const readiness = asked?.readiness;
  if (web.healthCheck?.path === undefined && readiness !== undefined && !('path' in readiness)) {
    yield [
      'healthCheck',
      `, but Google's load balancer asks a pod by HTTP, and probes.readiness is no path. Write healthCheck: { path: '/healthz' }.`,
    ];
  }
}
