import type { k8s } from 'cdk8s-plus-28';
import { z } from 'zod';
import { isLabel, labelRule, object, oneOf } from '../../settings/sentences.ts';
import * as exposed from './exposure.ts';
import * as parts from './parts.ts';
import { kubernetes, seconds, whole } from './parts.ts';

const enough = ', but a rollout without loss needs at least 2. Set it to a whole number of 2 or more.';
const surge =
  ", but a rolling update without loss starts a new pod before it stops an old one. Set it to a whole number of 1 or more or a share such as '25%', or leave it out.";
const maxSurge = z.union(
  [whole(1, surge), z.templateLiteral([z.number(), '%']).refine((share) => /^[1-9]\d*%$/.test(share), surge)],
  {
    error: surge,
  },
);

const googleAccount = ', expected the address of a service account: NAME@PROJECT.iam.gserviceaccount.com.';

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
    probes: oneOf(['all', 'liveness-only']).exactOptional(),
  },
  'because and the values that skip the checks',
);
export type UncheckedRollout = z.output<typeof unchecked>;

/** What every kind of workload may say. */
const commonShape = {
  /** `SERVICE-ENVIRONMENT` unless said. */
  namespace: namespace.exactOptional(),
  /** The autoscaler's bounds and targets. With `replicas` as well, the Deployment keeps those until they are left out. */
  autoscale: parts.autoscale.exactOptional(),
  /** Pods started beyond `replicas` while rolling, or their share; 1 unless said. More is faster and needs more room on the nodes. */
  maxSurge: maxSurge.exactOptional(),
  /** The longest that a process may take from its start to its first answer; 60 unless said. */
  startupSeconds: whole(1).exactOptional(),
  /** Who may collect metrics from the management port; Google's managed Prometheus unless said. */
  collectors: kubernetes<k8s.NetworkPolicyPeer>('NetworkPolicyPeer').exactOptional(),
  /** In the place of the image's own. */
  command: parts.words.exactOptional(),
  args: parts.texts.exactOptional(),
  /** Requested, without a limit; 100m unless said, so that a surge pod still fits a small node. */
  cpu: z.string(", expected an amount such as '100m'.").exactOptional(),
  /**
   * Requested, and the limit: a node short of memory then has no reason to pick this pod. 256Mi unless said, because the
   * example service levels off at 215 MB resident on Node 24 at 3,500 requests a second.
   */
  memory: z.string(", expected an amount such as '256Mi'.").exactOptional(),
  /** Its variables: text, or what a key of a Secret or ConfigMap holds. */
  env: parts.variables.exactOptional(),
  /** Secrets and ConfigMaps whose keys all become variables. */
  envFrom: parts.wholeSources.exactOptional(),
  /** Variables that are kept in a ConfigMap of the service. A change of one rolls the pods. */
  config: parts.configuration.exactOptional(),
  /** Files by their path: text of this repository, of which a change rolls the pods, or from a Secret or ConfigMap. */
  files: parts.files.exactOptional(),
  /** Folders that can be written to, by their path, with the most that each may hold. */
  scratch: parts.scratch.exactOptional(),
  /** Of every object and of the pods. */
  labels: parts.labels.exactOptional(),
  /** Of the pods. */
  annotations: parts.annotations.exactOptional(),
  /** The user and group that the containers run as; 65532, which is nonroot of the distroless images, unless said. */
  user: parts.user.exactOptional(),
  /** The Google service account that the pods act as, by Workload Identity. */
  googleServiceAccount: z
    .string(googleAccount)
    .regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]@[a-z][a-z0-9-]{4,28}[a-z0-9]\.iam\.gserviceaccount\.com$/, googleAccount)
    .exactOptional(),
  /** Containers that end, one after the other, before the service starts. */
  initContainers: parts.initContainers.exactOptional(),
  /** Containers that start before the service and are told to end after it, the last one first. */
  sidecars: parts.sidecars.exactOptional(),
  /** What it may reach, name servers included, as rules of a NetworkPolicy with ports as numbers; nothing unless said. */
  egress: kubernetes<EgressRule>('NetworkPolicyEgressRule').exactOptional(),
  /** Objects of other kinds, such as an ExternalSecret. */
  objects: parts.objects.exactOptional(),
};

/** What a web service is made of, once an environment's own values are in it. */
export const webShape = {
  ...commonShape,
  /** Pods; 2 at least. */
  replicas: whole(2, enough).exactOptional(),
  /** How requests reach it from outside. */
  exposure: exposed.exposure,
  /** Where a load balancer sends its traffic; `Local` keeps the client's address and learns of a gone pod later. */
  externalTrafficPolicy: oneOf(['Cluster', 'Local']).exactOptional(),
  /** How long requests go on reaching an endpoint that is gone, as it was measured. */
  endpointLagSeconds: seconds.exactOptional(),
  /** The longest that one request may take; 10 unless said. */
  longestRequestSeconds: seconds.exactOptional(),
  /** Where clients reach it, such as https://staging.example.com: asked at `/version` when a release is verified. */
  url: url.exactOptional(),
  /** The port that requests come to; 8080 unless said. */
  port: whole(1).exactOptional(),
  /** The port of probes and metrics, which no Service leads to; 9090 unless said, none unless said where `probes` are said. */
  managementPort: whole(1).exactOptional(),
  /** What the kubelet asks; `/readyz` and `/livez` of the management port unless said. */
  probes: parts.probes.exactOptional(),
  /** What makes a program drain that can't by itself: it is told to end only after this. */
  preStop: parts.preStop.exactOptional(),
  /** Of a gateway: its host names, each of which gets a certificate. */
  hosts: exposed.hosts.exactOptional(),
  /** Of a gateway: where it is at its hosts; `/`, and so all of them, unless said. */
  path: exposed.pathPrefix.exactOptional(),
  /** Of a gateway: what Google's load balancer asks of each pod; what the kubelet asks for readiness, every 5 s, unless said. */
  healthCheck: exposed.healthCheck.exactOptional(),
  /** Of a gateway: a Cloud Armor policy by its name. */
  securityPolicy: exposed.securityPolicy.exactOptional(),
  /** Of a load balancer: who may reach it, as ranges of addresses; everybody unless said. */
  sourceRanges: exposed.sourceRanges.exactOptional(),
  /** What it promises: objectives, alerts and a dashboard at Google follow, from the example service's metrics. */
  slo: parts.slo.exactOptional(),
  /** Of the Service, such as `networking.gke.io/load-balancer-type`. */
  serviceAnnotations: parts.annotations.exactOptional(),
  unchecked: unchecked.exactOptional(),
};

/** What a worker is made of: a program that nothing sends requests to. */
export const workerShape = {
  ...commonShape,
  /** Pods; 1 at least. */
  replicas: whole(1).exactOptional(),
  /** The longest that it needs to end once it was told to: to finish a job, or to give it back. */
  longestJobSeconds: seconds,
  /** The old pod ends before the new one starts, for a program of which a rollout may not run two. */
  recreate: z.boolean(', expected true or false.').exactOptional(),
  /** The port of metrics and of probes by path; none unless said. */
  managementPort: whole(1).exactOptional(),
  /** What the kubelet asks; nothing unless said. */
  probes: parts.workerProbes.exactOptional(),
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
  for (const [key, message] of podProblems(web, enough)) context.addIssue({ code: 'custom', path: [key], message });
  for (const [key, message] of exposed.exposureProblems(web))
    context.addIssue({ code: 'custom', path: [key], message });
});

export const workerSchema = object(workerShape, 'replicas and longestJobSeconds').superRefine((worker, context) => {
  for (const [key, message] of podProblems(worker, ', expected a whole number of 1 or more.'))
    context.addIssue({ code: 'custom', path: [key], message });
  if (worker.recreate === true && (worker.autoscale !== undefined || worker.replicas !== 1)) {
    const message =
      ' is true, but it is for a program of which a rollout may not run two. Set replicas to 1 without autoscale, or leave recreate out.';
    context.addIssue({ code: 'custom', path: ['recreate'], message });
  }
  if (worker.recreate === true && worker.maxSurge !== undefined) {
    const message = ', but with recreate the old pod ends before another one starts. Leave out maxSurge, or recreate.';
    context.addIssue({ code: 'custom', path: ['maxSurge'], message });
  }
  for (const [name, probe] of Object.entries(worker.probes ?? {})) {
    if (!('path' in probe) || (probe.port ?? worker.managementPort) !== undefined) continue;
    const message = ' has a path but no port. Add port to it, or set managementPort.';
    context.addIssue({ code: 'custom', path: ['probes', name], message });
  }
});

/** What is wrong with how many pods are asked for: the setting, and the rest of a sentence about it. */
function* podProblems(
  {
    replicas,
    autoscale,
  }: { readonly replicas?: number; readonly autoscale?: { readonly min: number; readonly max: number } },
  expected: string,
): Generator<readonly [string, string]> {
  if (replicas === undefined && autoscale === undefined) {
    yield ['replicas', `${expected} Or let an autoscaler choose: autoscale: { min: 2, max: 10 }.`];
  } else if (
    replicas !== undefined &&
    autoscale !== undefined &&
    autoscale.min <= autoscale.max &&
    (replicas < autoscale.min || replicas > autoscale.max)
  ) {
    yield [
      'replicas',
      `, but autoscale allows ${autoscale.min} to ${autoscale.max}, and would change it at once. Set it within these, or leave it out.`,
    ];
  }
}

/** A service that answers requests, in one environment. */
export type WebWorkload = z.output<typeof webSchema>;

/** A program that nothing sends requests to, in one environment: it has no exposure, and no address. */
export type WorkerWorkload = z.output<typeof workerSchema> & {
  readonly exposure?: undefined;
  readonly url?: undefined;
};

/** What runs in one environment. */
export type Workload = WebWorkload | WorkerWorkload;

type File<Values> = Partial<Values> & { readonly in?: Readonly<Record<string, Partial<Values>>> };

/** What a file of apps/services/ says of a web service: values for all environments, and what is different in one of them. */
export type WebService = File<WebWorkload>;

/** The same of a worker. */
export type WorkerService = File<z.output<typeof workerSchema>>;
