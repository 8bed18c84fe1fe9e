import { z } from 'zod';
import { build } from './build.ts';
import { crossProblems } from './cross-checks.ts';
import { google } from './google/resolve.ts';
import { registryFault, repositoryFault } from './image.ts';
import { didYouMean, isLabel, labelRule, object, oneOf } from './sentences.ts';

// The longest names made from these are Argo CD's application `<service>-<environment>` and the pods' `<service>-<hash>-<hash>`.
const longestService = 40;
const longestEnvironment = 20;

function nameUpTo(longest: number): z.ZodString {
  const message = `, expected a name of ${labelRule(longest)}.`;
  return z.string(message).refine((text) => isLabel(text, longest), message);
}

/** What a list has, by `name`: each once, and one at least. */
function named<Entry extends z.ZodType<{ name: string }>>(entry: Entry, why: string) {
  return z
    .array(entry, `, expected a list of objects with a name each: [{ name: '...' }].`)
    .min(1, `has no entry, but ${why}`)
    .superRefine((entries, context) => {
      const names = entries.map((one) => one.name);
      for (const twice of new Set(names.filter((one, index) => names.indexOf(one) !== index))) {
        context.addIssue({
          code: 'custom',
          message: `names '${twice}' twice, and one of them would be lost. Rename one, or remove it.`,
        });
      }
    })
    .readonly();
}

const image = z
  .string(", expected an image repository such as 'europe-docker.pkg.dev/project/repository/name'.")
  .superRefine((text, context) => {
    const fault = /@|:[^/\]]*$/.test(text)
      ? 'but a release pins tag and digest. Leave them out.'
      : (repositoryFault(text) ?? registryFault(text));
    if (fault !== null) context.addIssue({ code: 'custom', message: `, ${fault}` });
  });

const address = ', expected https://, ssh:// or git@host:path (http:// or file:// for a rehearsal).';

/** `git@host:path` is the only form without a scheme; a rehearsal reads `http://` and `file://`. */
const repository = z.string(address).superRefine((text, context) => {
  const message = repositoryProblem(text);
  if (message !== null) context.addIssue({ code: 'custom', message });
});

function repositoryProblem(text: string): string | null {
  if (!/^git@[A-Za-z0-9.-]+:[^\s/]\S*$/.test(text)) {
    const url = URL.canParse(text) ? new URL(text) : null;
    // In lower case, as each program that reads it compares it.
    if (url === null || !/^(?:https?|ssh|file):/.test(text) || url.pathname.length < 2 || /\s/.test(text))
      return address;
    if (url.password !== '' || (url.username !== '' && url.protocol !== 'ssh:')) {
      // Not quoted: it would print the secret into a log.
      return 'holds a user or a password, which would be committed in argocd/. Give it to Argo CD as a repository secret instead.';
    }
  }
  if (!/[*?[\]{}!]/.test(text)) return null;
  return ", but Argo CD reads '*', '?', '!' and brackets as a pattern for many repositories. Write an address without them.";
}

const when = ", expected a date and a time with its time zone, such as '2026-12-28T08:00:00+07:00'.";

/** A moment as ISO 8601 writes it, with its time zone: without one, each machine would end the freeze at another time. */
const moment = z.string(when).superRefine((text, context) => {
  const message = momentFault(text);
  if (message !== null) context.addIssue({ code: 'custom', message });
});

function momentFault(text: string): string | null {
  const parts = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/.exec(text);
  if (parts === null) return when;
  const [, day = '', , zone] = parts;
  if (zone === undefined) {
    return `, which has no time zone. Add one: '${text}+07:00' for a clock that is seven hours ahead of UTC, '${text}Z' for UTC.`;
  }
  // A day past the end of its month is read as one of the next month.
  const start = new Date(`${day}T00:00:00Z`);
  const isDay = !Number.isNaN(start.getTime()) && start.toISOString().startsWith(day);
  if (!isDay || Number.isNaN(Date.parse(text))) return ', a date or a time that does not exist. Correct it.';
  return null;
}

const why = ', expected one line that says why, for those who wait.';

/** `frozen` of an environment in settings.ts: until when no release and no promotion goes there, and why. */
export const frozen = object(
  {
    until: moment,
    because: z.string(why).refine((text) => text.trim() !== '' && text.length <= 200 && !/\p{Cc}/u.test(text), {
      message: ', expected one line of up to 200 characters that says why, for those who wait.',
    }),
  },
  'until and because',
);

const service = object(
  {
    /** Of its Deployment, its Service and its label `app.kubernetes.io/name`; apps/services/NAME.ts says what runs. */
    name: nameUpTo(longestService).refine((text) => !['default', 'namespace', 'root'].includes(text), {
      // A project `default` may do everything, `root` is what Argo CD starts from, and namespace.yaml is a file of its own.
      message: ', a name that is already taken in Argo CD or in manifests/. Choose another.',
    }),
    /** The image repository, without tag or digest. */
    image,
    /** What the image is built from; the Dockerfile at the root and what it copies, unless said. */
    build: build.exactOptional(),
  },
  'name and image',
);

const loadRate = ', expected from 1 to 20: requests per second of each client kind, to a service in use.';

const receipts = object(
  {
    /** Requests per second of each client kind, which `verify` sends to the `url` while a service rolls out. */
    rate: z.number(loadRate).min(1, loadRate).max(20, loadRate),
    /** A release without a receipt that nothing was lost is not promoted from here. */
    required: z.boolean(', expected true or false.').exactOptional(),
  },
  'a rate',
);

const environment = object(
  {
    name: nameUpTo(longestEnvironment),
    /** The environment whose releases are promoted to this one; one without takes them from the build. */
    after: z.string(', expected the name of another environment.').exactOptional(),
    /** The cluster that it is on; the only one unless said. */
    cluster: z.string(', expected the name of a cluster.').exactOptional(),
    /** Where the load balancer is that its services share whose exposure is `gateway`: `global` unless said. */
    gateway: oneOf(['global', 'regional']).exactOptional(),
    /** Revert a release automatically when `verify` sees it fail. */
    autoRollback: z.boolean(', expected true or false.').exactOptional(),
    /** Send requests through each rollout and state what was lost: a receipt, which promotions from here may require. */
    receipts: receipts.exactOptional(),
    /** Releases and promotions wait until then; rollbacks do not. */
    frozen: frozen.exactOptional(),
  },
  'a name',
);

const whom = z
  .string(", expected users or teams of GitHub such as '@acme/platform', with a space between them.")
  .regex(/^@[A-Za-z0-9-]+(?:\/[\w.-]+)?(?: @[A-Za-z0-9-]+(?:\/[\w.-]+)?)*$/, {
    message: ", expected users or teams of GitHub such as '@acme/platform', with a space between them.",
  });

/** Whose approval a change needs. */
const owners = object(
  {
    /** Of the services' own code, and of everything that has no other owner. */
    developers: whom,
    /** Of what can change the cluster, what runs in it, or who may change it; and of every apply. */
    platform: whom,
    /** Of a promotion: merging it rolls an environment out that comes after another. */
    promotions: whom,
  },
  'developers, platform and promotions',
);

const cluster = object({ name: nameUpTo(longestEnvironment), google }, 'name and google');

export const settingsSchema = object(
  {
    /** The repository that Argo CD reads, as Argo CD should reach it. */
    repository,
    services: named(service, 'there is nothing to roll out without one. Add one, such as web.'),
    environments: named(environment, 'there is nowhere to roll out to without one. Add one, such as production.'),
    clusters: named(cluster, 'there is nowhere to roll out to without one. Add one, such as main.'),
    /** Who approves. */
    owners: owners.exactOptional(),
  },
  'repository, services, environments and clusters',
).check(
  z.superRefine((value, context) => {
    for (const { path, message } of crossProblems(value))
      context.addIssue({ code: 'custom', path: [...path], message });
  }),
);

/** Everything that one owner of a clone decides, but for what runs: that is in apps/services/. */
export type Settings = z.output<typeof settingsSchema>;
export type Service = Settings['services'][number];
export type Environment = Settings['environments'][number];
export type Cluster = Settings['clusters'][number];

/** The first of a list that the settings can't leave empty. */
export function firstOf<Entry>(entries: readonly Entry[]): Entry {
  const [first] = entries;
  if (first === undefined) throw new Error('The settings have an empty list, which their schema refuses.');
  return first;
}

/** The folder, within another, of what is made for one cluster: none for an only one, whose files keep the places they always had. */
export function clusterFolder({ clusters }: Pick<Settings, 'clusters'>, one: Pick<Cluster, 'name'>): string {
  return clusters.length === 1 ? '' : `${one.name}/`;
}

/** An environment of the settings by the name that an option gives; or a sentence with those that it may name, for any other or none. */
export function findEnvironment(
  option: string,
  name: string | undefined,
  { environments }: Pick<Settings, 'environments'>,
): Environment | string {
  return environments.find((one) => one.name === name) ?? unknown(option, name, environments);
}

/** A service of the settings by the name that `--service` gives, the only one for undefined; or a sentence for any other. */
export function findService(name: string | undefined, { services }: Pick<Settings, 'services'>): Service | string {
  const [only] = services;
  if (name === undefined && only !== undefined && services.length === 1) return only;
  return services.find((one) => one.name === name) ?? unknown('--service', name, services);
}

function unknown(option: string, name: string | undefined, entries: readonly { readonly name: string }[]): string {
  const names = entries.map((one) => one.name);
  const known = `but settings.ts has ${names.join(', ')}.`;
  if (name === undefined) return `${option} is missing, ${known}`;
  return `${option} is ${JSON.stringify(name)}, ${known}${didYouMean(name, names)}`;
}

/** A cluster of the settings by the name that `--cluster` gives, the only one for undefined; or a sentence for any other. */
export function findCluster(name: string | undefined, { clusters }: Pick<Settings, 'clusters'>): Cluster | string {
  const [only] = clusters;
  if (name === undefined && only !== undefined && clusters.length === 1) return only;
  return clusters.find((one) => one.name === name) ?? unknown('--cluster', name, clusters);
}

export type Freeze = z.output<typeof frozen>;

/** The freeze of an environment that holds at a moment, in milliseconds since 1970; null for none. */
export function activeFreeze({ frozen: freeze }: { readonly frozen?: Freeze }, nowMs: number): Freeze | null {
  return freeze !== undefined && nowMs < Date.parse(freeze.until) ? freeze : null;
}

/** What a freeze means, in a sentence and a half. */
export function freezeWords(name: string, { until, because }: Freeze): string {
  return `${name} is frozen until ${until}: ${because.trim().replace(/[.!]$/, '')}.`;
}
