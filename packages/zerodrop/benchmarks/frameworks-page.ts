/** A web server that nobody here wrote. {npm}, {apt}, {python} and {files} stand for where its parts are installed. */
export interface Framework {
  readonly name: string;
  readonly language: string;
  readonly npm?: readonly string[];
  readonly pip?: readonly string[];
  readonly apt?: readonly string[];
  /** Prints the version of what comes with the machine: a language's own server. */
  readonly versionCommand?: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly build?: readonly (readonly string[])[];
  readonly env?: Readonly<Record<string, string>>;
  readonly path?: string;
  readonly command: readonly string[];
  /** A command, or why there is none: it shuts down gracefully as it comes, or documents no way to. */
  readonly graceful: readonly string[] | string;
}

export const variants = ['comes', 'drain', 'graceful'] as const;

export type Variant = (typeof variants)[number];

/** One play: what each rollout lost, and how long the whole took. */
export interface Measured {
  readonly verdict: string;
  readonly lost: readonly number[];
  readonly requests: readonly number[];
  readonly seconds: number;
}

/** What is known of one server. */
export interface Result {
  readonly version: string;
  readonly plays: Partial<Record<Variant, readonly Measured[]>>;
  /** Why it could not be installed, or a variant of it could not be rehearsed. */
  readonly problems?: Partial<Record<Variant | 'install', string>>;
}

export type Results = Readonly<Record<string, Result>>;

/** How each is rehearsed. */
export const settings = { replicas: 2, rate: 50, endpointLagMs: 1_000, drainSeconds: 3, graceSeconds: 5 };

/** Plain manifests: pods that become ready by a probe, and a Service. */
export function manifestsOf(asked: string, drains: boolean): object {
  const labels = { app: 'web' };
  const container = {
    name: 'web',
    image: 'example.com/web:1',
    ports: [{ containerPort: 3_000 }],
    readinessProbe: { httpGet: { path: asked, port: 3_000 }, periodSeconds: 1 },
    ...(drains ? { lifecycle: { preStop: { sleep: { seconds: settings.drainSeconds } } } } : {}),
  };
  const grace = settings.graceSeconds + (drains ? settings.drainSeconds : 0);
  const template = { metadata: { labels }, spec: { terminationGracePeriodSeconds: grace, containers: [container] } };
  const deployment = { replicas: settings.replicas, selector: { matchLabels: labels }, template };
  const service = { selector: labels, ports: [{ port: 80, targetPort: 3_000 }] };
  const metadata = { name: 'web' };
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: deployment },
      { apiVersion: 'v1', kind: 'Service', metadata, spec: service },
    ],
  };
}

/** docs/frameworks.md. */
export function page(frameworks: readonly Framework[], all: Results): string {
  const measured = frameworks.filter(({ name }) => all[name] !== undefined);
  const rows = measured.map((one) => row(one, all[one.name]));
  const plays = measured.flatMap(({ name }) => variants.flatMap((variant) => all[name]?.plays[variant] ?? []));
  const trusted = plays.filter(isTrusted).length;
  const played = measured.filter(({ name }) => Object.keys(all[name]?.plays ?? {}).length > 0);
  const { replicas, rate, endpointLagMs, drainSeconds, graceSeconds } = settings;
  return `# What web servers lose in a rollout

${played.length} servers in ${new Set(played.map(({ language }) => language)).size} languages, each rehearsed by \`zerodrop rehearse FILE --command ...\` with plain manifests on the embedded cluster: ${replicas} pods,
${rate} requests per second on kept connections and ${rate} on new ones, an endpoint lag of ${endpointLagMs / 1_000} s, a release and its revert.

- **as it comes**: the command of its documentation, and a grace period of ${graceSeconds} s;
- **drain**: the same, with \`lifecycle.preStop.sleep\` of ${drainSeconds} s and a grace period of ${drainSeconds + graceSeconds} s;
- **graceful**: with the shutdown that its documentation shows, and a grace period of ${graceSeconds} s.

A cell says how many requests one rollout lost, from the fewest to the most, and of how many rollouts: each play has two. A rollout sends
${range(plays.flatMap(({ requests }) => requests))} requests. The last column is the longest time from the command to its verdict.
A play that other programs of the machine disturbed is inconclusive: ${plays.length - trusted} of ${plays.length} plays were. A cell shows those only where it has no other, and says so.
A dash means that there is nothing to play, and the notes say why.

A pod's program is the first process of its namespace, as in a container. A program without a handler for SIGTERM is not ended by it
there, but killed at the end of the grace period: its new connections are safe, and whoever keeps one loses it.

| server | language | version | as it comes | drain | graceful | verdict after |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

${measured.flatMap((one) => notes(one, all[one.name])).join('\n')}

This page is made by \`npm run frameworks -w zerodrop -- --folder DIR\`, from
[its list](../packages/zerodrop/benchmarks/frameworks.json) and
[what was measured](../packages/zerodrop/benchmarks/frameworks-measured.json).
The command goes on where it was ended: \`--minutes N\` ends it by itself, and \`--page\` only writes this page.
`;
}

function row({ name, language, graceful }: Framework, result: Result | undefined): string {
  const cells = variants.map((variant) => {
    if (variant === 'graceful' && typeof graceful === 'string') return '–';
    return result?.problems?.[variant] === undefined ? cell(result?.plays[variant] ?? []) : '–';
  });
  const seconds = variants.flatMap((variant) => (result?.plays[variant] ?? []).map((one) => one.seconds));
  const longest = seconds.length === 0 ? '' : `${Math.max(...seconds)} s`;
  return `| ${[name, language, result?.version ?? '', ...cells, longest].join(' | ')} |`;
}

function cell(plays: readonly Measured[]): string {
  if (plays.length === 0) return 'not measured';
  const trusted = plays.filter(isTrusted);
  const lost = (trusted.length === 0 ? plays : trusted).flatMap((one) => one.lost);
  const said = `${range(lost)} (${lost.length})`;
  return trusted.length === 0 ? `inconclusive: ${said}` : said;
}

/** A play that other programs disturbed says what it saw, which may not be the server's doing. */
export function isTrusted({ verdict }: Measured): boolean {
  return verdict !== 'inconclusive';
}

function range(numbers: readonly number[]): string {
  if (numbers.length === 0) return 'no';
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return least === most ? `${least}` : `${least} to ${most}`;
}

function notes({ name, graceful }: Framework, result: Result | undefined): readonly string[] {
  const problems = Object.entries(result?.problems ?? {}).map(([where, why]) => `- ${name}, ${where}: ${why}`);
  return [...(typeof graceful === 'string' ? [`- ${name}: ${graceful}`] : []), ...problems];
}
