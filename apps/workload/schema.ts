import type { k8s } from 'cdk8s-plus-28';
import { z } from 'zod';
import { object } from '../../settings/sentences.ts';
import { isLabel, isRecord, labelRule } from '../../settings/value.ts';

/** A whole number of at least `least`; `why` ends the sentence about another value. */
function whole(least: number, why = `, expected a whole number of ${least} or more.`): z.ZodNumber {
  return z.int(why).min(least, why);
}

const seconds = z
  .number(', expected a number of seconds of 0 or more.')
  .min(0, ', expected a number of seconds of 0 or more.');

const enough = ', but a rollout without loss needs at least 2. Set it to a whole number of 2 or more.';
const surge =
  ', but a rolling update without loss starts a new pod before it stops an old one. Set it to a whole number of 1 or more, or leave it out.';

const exposures = ['load-balancer', 'node-port', 'cluster-ip'] as const;

/** How requests reach the service from outside. `gateway` is the name kept for a Google L7 load balancer. */
export type Exposure = (typeof exposures)[number];

const exposure = z.enum(exposures, {
  error: ({ input }) =>
    input === 'gateway'
      ? `, which is reserved for a Google L7 load balancer and not supported yet. Use ${exposures.join(', ')}.`
      : `, expected one of ${exposures.join(', ')}.`,
});

const namespace = z.string(`, expected a name of ${labelRule(63)}.`).superRefine((text, context) => {
  if (!isLabel(text, 63)) {
    context.addIssue({ code: 'custom', message: `, expected a name of ${labelRule(63)}.` });
  } else if (/^(?:default$|argocd$|kube-|gke-|gmp-)/.test(text)) {
    const message = ', which belongs to the cluster, to Google or to Argo CD. Choose one that only this service uses.';
    context.addIssue({ code: 'custom', message });
  }
});

const origin = ', expected where clients reach the service, without a path: https://staging.example.com.';
const url = z.string(origin).refine(isOrigin, origin);

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const parsed = new URL(text);
  return ['http:', 'https:'].includes(parsed.protocol) && text.replace(/\/$/, '') === parsed.origin;
}

/** Rollout values taken as they stand, past every check: a rehearsal's way to show what they would lose. */
const unchecked = object(
  {
    /** Why nobody should copy this; it goes into the rendered files. */
    because: z
      .string(', but values that skip the checks need a reason. Say why nobody should copy them.')
      .refine((text) => text.trim() !== '', {
        message: ', but values that skip the checks need a reason. Say why nobody should copy them.',
      }),
    maxSurge: whole(0).exactOptional(),
    maxUnavailable: whole(0).exactOptional(),
    minReadySeconds: whole(0).exactOptional(),
    drainSeconds: seconds.exactOptional(),
    /** `liveness-only` leaves out the readiness and the startup probe. */
    probes: z.enum(['all', 'liveness-only'], ', expected all or liveness-only.').exactOptional(),
  },
  'because and the values that skip the checks',
);
export type UncheckedRollout = z.output<typeof unchecked>;

const variable = z.union(
  [z.string(), z.strictObject({ secret: z.string(), key: z.string() })],
  ', expected text, or { secret: NAME, key: KEY } for a value from a Secret.',
);

/** A part of a Kubernetes object that goes into the manifests as it is, where it is checked with the rest. */
function kubernetes<Part extends object>(what: string) {
  return z.array(
    z.custom<Part>(isRecord, `, expected ${what} of Kubernetes.`),
    `, expected a list of ${what}s of Kubernetes.`,
  );
}

/** What a web service is made of, once an environment's own values are in it. */
export const webShape = {
  /** `SERVICE-ENVIRONMENT` unless said. */
  namespace: namespace.exactOptional(),
  /** Pods. */
  replicas: whole(2, enough),
  /** How requests reach it from outside. */
  exposure,
  /** Where a load balancer sends its traffic; `Local` keeps the client's address and learns of a gone pod later. */
  externalTrafficPolicy: z.enum(['Cluster', 'Local'], ', expected Cluster or Local.').exactOptional(),
  /** How long a gone endpoint goes on being used, where it was measured to be longer than the exposure's usual time. */
  endpointLagSeconds: seconds.exactOptional(),
  /** Pods started beyond `replicas` while rolling; 1 unless said. More is faster and needs more room on the nodes. */
  maxSurge: whole(1, surge).exactOptional(),
  /** The longest that a process may take from its start to its first answer; 60 unless said. */
  startupSeconds: whole(1).exactOptional(),
  /** The longest that one request may take; 10 unless said. */
  longestRequestSeconds: seconds.exactOptional(),
  /** Where clients reach it, such as https://staging.example.com: asked at `/version` when a release is verified. */
  url: url.exactOptional(),
  /** The port that requests come to; 8080 unless said. */
  port: whole(1).exactOptional(),
  /** The port of `/livez`, `/readyz` and `/metrics`, which no Service leads to; 9090 unless said. */
  managementPort: whole(1).exactOptional(),
  /** Who may collect metrics from the management port; Google's managed Prometheus unless said. */
  collectors: kubernetes<k8s.NetworkPolicyPeer>('NetworkPolicyPeer').exactOptional(),
  /** Requested, without a limit; 100m unless said, so that a surge pod still fits a small node. */
  cpu: z.string(", expected an amount such as '100m'.").exactOptional(),
  /** Requested, and the limit; 256Mi unless said. */
  memory: z.string(", expected an amount such as '256Mi'.").exactOptional(),
  /** Its variables: text, or what a key of a Secret holds. */
  env: z.record(z.string(), variable, ", expected an object of variables: { NAME: 'value' }.").exactOptional(),
  /** What it may reach, name servers included, as rules of a NetworkPolicy with ports as numbers; nothing unless said. */
  egress: kubernetes<EgressRule>('NetworkPolicyEgressRule').exactOptional(),
  unchecked: unchecked.exactOptional(),
};

/** A rule of a NetworkPolicy as it is written in YAML. */
export interface EgressRule {
  readonly to?: k8s.NetworkPolicyPeer[];
  readonly ports?: readonly {
    readonly port?: number | string;
    readonly endPort?: number;
    readonly protocol?: string;
  }[];
}

export const webSchema = object(webShape, 'replicas and exposure').superRefine((web, context) => {
  if (web.externalTrafficPolicy === undefined || web.exposure !== 'cluster-ip') return;
  const message = ', but cluster-ip takes no traffic from outside. Leave it out.';
  context.addIssue({ code: 'custom', path: ['externalTrafficPolicy'], message });
});

/** What runs in one environment. */
export type Workload = z.output<typeof webSchema>;

/** What a file of apps/services/ says: values for all environments, and what is different in one of them. */
export type WebService = Partial<Workload> & { readonly in?: Readonly<Record<string, Partial<Workload>>> };
