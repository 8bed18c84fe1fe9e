import { UsageError } from '../../errors.ts';
import { expectedOneOf } from '../../options.ts';
import { type OwnCluster, readOwnCluster } from './disturb.ts';

/** Where v1 and v2 come from: built and pushed to `HOST[/PATH]`, or two that exist. */
export type ImageOptions = { readonly registry: string } | { readonly given: readonly [GivenImage, GivenImage] };

/** What a rehearsal on a real cluster is asked for beyond any other. */
export interface ContextOptions {
  /** Of the kubeconfig. */
  readonly context: string;
  readonly images: ImageOptions;
  /** The address of this machine at which Argo CD reaches the scratch repository. */
  readonly gitHost: string;
  /** A repository that exists, used instead of a scratch one. */
  readonly repository: string | null;
  readonly expose: 'node-port' | 'load-balancer';
  /** Where the service is reached; null to find it out. */
  readonly url: string | null;
  /** Argo CD's webhook, asked instead of the refresh annotation. */
  readonly webhook: string | null;
  /** The secret that the webhook is signed with; null for none. */
  readonly webhookSecret: string | null;
  /** Ask for nothing: wait for Argo CD's own polling. */
  readonly poll: boolean;
  /** Leave the namespace, and what runs in it, at the end. */
  readonly keep: boolean;
  /** What may be done to the cluster itself; null for one that is not one's own. */
  readonly ownCluster: OwnCluster | null;
}

/** The options of a real cluster, as `util.parseArgs` takes them. */
export const contextArguments = {
  context: { type: 'string' },
  registry: { type: 'string' },
  images: { type: 'string' },
  'git-host': { type: 'string' },
  repository: { type: 'string' },
  expose: { type: 'string' },
  url: { type: 'string' },
  webhook: { type: 'string' },
  poll: { type: 'boolean' },
  keep: { type: 'boolean' },
  'own-cluster': { type: 'string' },
} as const;

/** What `util.parseArgs` makes of them. */
export type ContextValues = {
  readonly [Name in keyof typeof contextArguments]?:
    | ((typeof contextArguments)[Name]['type'] extends 'boolean' ? boolean : string)
    | undefined;
};

/** Reads them. `context` is the cluster's, whichever option named it. Throws {@link UsageError} with a sentence. */
export function contextOptions(
  context: string,
  values: ContextValues,
  environment: Readonly<Record<string, string | undefined>>,
): ContextOptions {
  if (values.webhook !== undefined && values.poll === true) {
    throw new UsageError(
      '--webhook and --poll exclude each other: one asks Argo CD to look, the other waits until it does.',
    );
  }
  return {
    context,
    images: imageOptions(values),
    gitHost: values['git-host'] ?? '127.0.0.1',
    repository: values.repository ?? null,
    expose: exposure(values.expose ?? 'node-port'),
    url: values.url === undefined ? null : origin(values.url),
    webhook: values.webhook === undefined ? null : httpUrl('--webhook', values.webhook),
    webhookSecret: environment['ARGOCD_WEBHOOK_SECRET'] ?? null,
    poll: values.poll ?? false,
    keep: values.keep ?? false,
    ownCluster: values['own-cluster'] === undefined ? null : readOwnCluster(values['own-cluster']),
  };
}

/** Throws where an option is given that only a real cluster has a use for. */
export function refuseContextOptions(values: ContextValues): void {
  const given = Object.keys(contextArguments).find((name) => values[name as keyof ContextValues] !== undefined);
  if (given !== undefined) {
    throw new UsageError(`--${given} is for a real cluster, but none is named: add --context NAME.`);
  }
}

function imageOptions({ registry, images }: ContextValues): ImageOptions {
  if (images !== undefined && registry !== undefined) {
    throw new UsageError('--registry and --images exclude each other: images are built and pushed, or they exist.');
  }
  if (images !== undefined) return { given: givenImages(images) };
  if (registry === undefined) {
    throw new UsageError(
      'A real cluster pulls its images from a registry. Say where they are pushed by --registry HOST[/PATH], or give two that exist by --images REF,REF.',
    );
  }
  if (!/^[a-z0-9.-]+(?::\d+)?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/.test(registry)) {
    throw new UsageError(
      `--registry is ${JSON.stringify(registry)}, but HOST[:PORT][/PATH] in lower case is expected, without a scheme and without a slash at the end.`,
    );
  }
  return { registry };
}

function exposure(text: string): ContextOptions['expose'] {
  if (text === 'node-port' || text === 'load-balancer') return text;
  throw new UsageError(`--expose is ${JSON.stringify(text)}, ${expectedOneOf(['node-port', 'load-balancer'], text)}`);
}

/** The rehearsal's own Service speaks HTTP and answers at the root. */
function origin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.protocol !== 'http:' || url.href !== `${url.origin}/`) {
    throw new UsageError(
      `--url is ${JSON.stringify(text)}, but the rehearsal's Service speaks plain HTTP: http://HOST[:PORT] is expected, without a path.`,
    );
  }
  return url.origin;
}

function httpUrl(option: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new UsageError(`${option} is ${JSON.stringify(text)}, but a URL with http:// or https:// is expected.`);
  }
  return text;
}

/** An image that exists: its repository, and the version that its tag says it answers with. */
export interface GivenImage {
  readonly reference: string;
  readonly repository: string;
  readonly version: string;
}

/** Reads `--images REF,REF`. Throws {@link UsageError} with a sentence. */
function givenImages(text: string): readonly [GivenImage, GivenImage] {
  const [first, second, ...more] = text.split(',').map((reference) => givenImage(reference.trim()));
  if (first === undefined || second === undefined || more.length > 0) {
    throw new UsageError(`--images is ${JSON.stringify(text)}, but two references are expected, v1 and v2: REF,REF.`);
  }
  if (first.repository !== second.repository) {
    throw new UsageError(
      `--images names ${first.repository} and ${second.repository}, but a service has one image repository. Push both to the same.`,
    );
  }
  if (first.version === second.version) {
    throw new UsageError(
      `--images names the tag ${first.version} twice, but the load tells v1 from v2 by the version, which the tag must say. Tag each image as its VERSION.`,
    );
  }
  return [first, second];
}

const pinned = /^(?<repository>[^\s@]+?):(?<version>[\w][\w.-]{0,127})@sha256:[0-9a-f]{64}$/;

function givenImage(reference: string): GivenImage {
  const { repository, version } = pinned.exec(reference)?.groups ?? {};
  if (repository === undefined || version === undefined) {
    throw new UsageError(
      `--images has ${JSON.stringify(reference)}, but name:tag@sha256: and 64 lower case hex digits are expected.`,
    );
  }
  return { reference, repository, version };
}
