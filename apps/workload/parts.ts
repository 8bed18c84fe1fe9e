import { z } from 'zod';
import { readImage } from '../../settings/image.ts';
import { isRecord, object } from '../../settings/sentences.ts';

/** A whole number of at least `least`; `why` ends the sentence about another value. */
export function whole(least: number, why = `, expected a whole number of ${least} or more.`): z.ZodNumber {
  return z.int(why).min(least, why);
}

const ofSeconds = ', expected a number of seconds of 0 or more.';
export const seconds = z.number(ofSeconds).min(0, ofSeconds);

/** A part of a Kubernetes object that goes into the manifests as it is, where it is checked with the rest. */
export function kubernetes<Part extends object>(what: string) {
  return z.array(
    z.custom<Part>(isRecord, `, expected ${what} of Kubernetes.`),
    `, expected a list of ${what}s of Kubernetes.`,
  );
}

/** An object with keys of the owner's choice; `expected` shows one in a sentence. */
function byName<Value extends z.ZodType>(value: Value, expected: string) {
  return z.record(z.string(), value, `, expected an object of ${expected}.`);
}

export const texts = z.array(z.string(', expected text.'), ', expected a list of texts.');
export const words = texts.min(1, ', expected a list of one text or more.');

const variable = z.union(
  [
    z.string(),
    z.strictObject({ secret: z.string(), key: z.string() }),
    z.strictObject({ configMap: z.string(), key: z.string() }),
  ],
  ', expected text, { secret: NAME, key: KEY } or { configMap: NAME, key: KEY }.',
);
export const variables = byName(variable, "variables: { NAME: 'value' }");
/** A variable's value: text, or what a key of a Secret or ConfigMap holds. */
export type Variable = z.output<typeof variable>;

const everyKey = z.union(
  [
    z.strictObject({ secret: z.string(), prefix: z.string().exactOptional() }),
    z.strictObject({ configMap: z.string(), prefix: z.string().exactOptional() }),
  ],
  ', expected { secret: NAME } or { configMap: NAME }.',
);
export const wholeSources = z.array(everyKey, ', expected a list of { secret: NAME } or { configMap: NAME }.');
/** A Secret or ConfigMap whose keys all become variables, each after the prefix. */
export type WholeSource = z.output<typeof everyKey>;

const file = z.union(
  [
    z.string(),
    z.strictObject({ secret: z.string(), key: z.string().exactOptional() }),
    z.strictObject({ configMap: z.string(), key: z.string().exactOptional() }),
  ],
  ', expected text, { secret: NAME, key: KEY } or { configMap: NAME, key: KEY }; without a key, a folder of all keys.',
);
/** What is at a path of the container: text, a key of a Secret or ConfigMap, or a folder with a file for each key. */
export type File = z.output<typeof file>;

const absolute = "is not an absolute path. Begin it with / and leave out ':', '//' and a / at the end.";

/** Values by a path within the container, which begins with a slash. */
function byPath<Value extends z.ZodType>(value: Value, expected: string) {
  return byName(value, expected).superRefine((given, context) => {
    for (const path of Object.keys(given)) {
      if (/^(?:\/[^/:]+)+$/.test(path)) continue;
      context.addIssue({ code: 'custom', path: [path], message: absolute });
    }
  });
}

export const configuration = byName(z.string(', expected text.'), "variables: { NAME: 'value' }");
export const files = byPath(file, "files: { '/etc/app.toml': 'text' }");
export const scratch = byPath(z.string(", expected a size such as '64Mi'."), "folders with a size: { '/tmp': '64Mi' }");

/** Set from the service's name: a selector that can't change selects by it. */
const ownLabel = 'app.kubernetes.io/name';
const text = z.string(', expected text.');
export const labels = byName(text, "labels: { team: 'shop' }").refine((given) => !Object.hasOwn(given, ownLabel), {
  message: `has ${ownLabel}, by which the pods are selected, and which is the name of the service. Remove it.`,
});
export const annotations = byName(text, "annotations: { 'example.com/team': 'shop' }").refine(
  (given) => !Object.keys(given).some((key) => key.startsWith('zerodrop/')),
  { message: 'has a key that begins with zerodrop/, which is what this repository itself writes. Rename it.' },
);

const notRoot = ', expected a whole number of 1 or more: 0 is root, and the namespace admits no pod of it.';
const id = z.int(notRoot).min(1, notRoot);
export const user = z.union([id, z.strictObject({ uid: id, gid: id })], {
  error: ', expected a user id of 1 or more, or { uid, gid }.',
});

export const port = z
  .int(', expected a port from 1 to 65535.')
  .min(1, ', expected a port from 1 to 65535.')
  .max(65_535, ', expected a port from 1 to 65535.');
const timeoutSeconds = whole(1).exactOptional();
const probe = z.union(
  [
    z.strictObject({ path: z.string().startsWith('/'), port: port.exactOptional(), timeoutSeconds }),
    z.strictObject({ tcp: port, timeoutSeconds }),
    z.strictObject({ grpc: port, service: z.string().exactOptional(), timeoutSeconds }),
    z.strictObject({ exec: words, timeoutSeconds }),
  ],
  ", expected { path: '/healthz', port? }, { tcp: PORT }, { grpc: PORT, service? } or { exec: ['program'] }.",
);
/** What the kubelet asks of a container. */
export type Probe = z.output<typeof probe>;

/** The probes of a web service: without readiness its pods would get requests before they listen. */
export const probes = object(
  { readiness: probe, liveness: probe.exactOptional(), startup: probe.exactOptional() },
  'readiness, and liveness and startup where the program has them',
);
/** The probes of a worker: what waits for nothing needs none. */
export const workerProbes = object(
  { readiness: probe.exactOptional(), liveness: probe.exactOptional(), startup: probe.exactOptional() },
  'readiness, liveness or startup',
);

export const preStop = z.union(
  [z.literal('sleep'), z.strictObject({ exec: words, seconds: whole(1) })],
  ", expected 'sleep', or { exec: ['program'], seconds: N } with the longest that it takes.",
);

const enough = ', but a rollout without loss needs at least 2. Set it to a whole number of 2 or more.';
const share = ', expected a whole number of percent of what a pod requests, such as 70.';

export const autoscale = object(
  {
    min: whole(2, enough),
    max: whole(2, enough),
    /** Percent of the CPU that a pod requests; 70 unless said. */
    targetCpu: whole(1, share).exactOptional(),
    /** Percent of the memory that a pod requests. */
    targetMemory: whole(1, share)
      .max(99, ', but memory at the request is at the limit, where the pod is killed. Set it below 100.')
      .exactOptional(),
  },
  'min and max',
).superRefine(({ min, max }, context) => {
  if (max >= min) return;
  const message = `, below autoscale.min, which is ${min}. Raise max to ${min} or more, or lower min.`;
  context.addIssue({ code: 'custom', path: ['max'], message });
});
/** How many pods an autoscaler may choose, and by what. */
export type Autoscale = z.output<typeof autoscale>;

const percent = ', expected percent of requests from 95 to 99.99, such as 99.9.';
// The boundaries of the histogram (service/metrics.ts): what is between two of them can't be told.
const boundaries = [5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000];
const boundary = `, expected one of ${boundaries.join(', ')}, at which the service counts.`;
export const slo = object(
  {
    /** Percent of requests without a failure of the service. */
    // Google takes no objective above (Monitoring API, ServiceLevelObjective.goal). Below, 14.4 times the failures that it allows are all
    // requests and more, so the alert of an hour could not fire.
    availability: z.number(percent).min(95, percent).max(99.99, percent),
    /** How long 99 of 100 requests may take, in milliseconds. */
    latencyMs: z.number(boundary).refine((ms) => boundaries.includes(ms), boundary),
  },
  'availability and latencyMs',
);

const pinned = ', expected an image with tag and digest: name:tag@sha256: and 64 hex digits.';
const image = z.string(pinned).refine((reference) => typeof readImage(reference) !== 'string', pinned);
const beside = {
  name: z.string(', expected a name.'),
  image,
  command: words.exactOptional(),
  args: texts.exactOptional(),
  env: variables.exactOptional(),
  /** 50m unless said. */
  cpu: z.string(", expected an amount such as '50m'.").exactOptional(),
  /** Requested, and the limit; 64Mi unless said. */
  memory: z.string(", expected an amount such as '64Mi'.").exactOptional(),
};

const initContainer = object(
  {
    ...beside,
    /** The longest that it runs; 30 unless said. */
    seconds: whole(1).exactOptional(),
  },
  'name and image',
);
// The service's own port can't be asked: the service starts after its sidecars.
const portless = ' has a path but no port. Add the port at which the sidecar answers.';
const sidecar = object(
  {
    ...beside,
    /** What it answers once the next container may start, at a port of its own; that it runs unless said. */
    startup: probe.refine((asked) => !('path' in asked) || asked.port !== undefined, portless).exactOptional(),
    /** The longest from its start to that answer; 30 unless said. */
    startupSeconds: whole(1).exactOptional(),
    /** How long it takes to end, once the service has; 5 unless said. */
    stopSeconds: whole(0).exactOptional(),
  },
  'name and image',
);
export const initContainers = z.array(initContainer, ', expected a list of containers with name and image.');
export const sidecars = z.array(sidecar, ', expected a list of containers with name and image.');
/** A container that ends before the service starts. */
export type InitContainer = z.output<typeof initContainer>;
/** A container that starts before the service and is told to end after it. */
export type Sidecar = z.output<typeof sidecar>;

const manifest = ', expected an object of Kubernetes with apiVersion, kind and metadata.name.';

/** An object that goes into the manifests as it is. */
export interface ExtraObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

function isExtraObject(value: unknown): boolean {
  if (!isRecord(value) || !isRecord(value['metadata'])) return false;
  return [value['apiVersion'], value['kind'], value['metadata']['name']].every((one) => typeof one === 'string');
}

const extraObject = z
  .custom<ExtraObject>(isExtraObject, manifest)
  .refine(({ apiVersion, kind }) => apiVersion !== 'v1' || kind !== 'Secret', {
    message:
      'is a Secret, whose value git would keep for ever. Write an object that fetches it, such as an ExternalSecret.',
  })
  .refine(({ apiVersion }) => !apiVersion.startsWith('rbac.authorization.k8s.io/'), {
    message: 'gives rights, which no commit may. Leave it to the stacks in cluster/.',
  });

/** Objects of other kinds that belong to the service. They are rendered as they are, in its namespace. */
export const objects = z.array(extraObject, ', expected a list of objects of Kubernetes.');
