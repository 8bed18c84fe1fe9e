import { UsageError } from '../errors.ts';
import { livePort, oneOf, readOptions, wholeNumber } from '../options.ts';
import { contextArguments, contextOptions, type ContextOptions, refuseContextOptions } from './kubernetes/options.ts';
import type { ControlSettings } from './manifests/rehearsed.ts';
import {
  type ChangeOptions,
  changeOptions,
  ownArguments,
  type OwnService,
  ownService,
  ownUsage,
} from './own-service.ts';
import { type Scene, scenesNamed } from './play/scenes.ts';

/** What one rehearsal is asked to do. */
export interface RehearsalOptions {
  /** Requests per second of each of the two client kinds. */
  readonly rate: number;
  /** What of a Repository is said by options; null where it is not. */
  readonly told: {
    readonly applications: string | null;
    readonly drainVariable: string | null;
    readonly build: string | null;
  };
  /** The service, as far as options say it. */
  readonly own: OwnService;
  /** The change that is played; null where the last commit is. */
  readonly change: ChangeOptions | null;
  /** The environment whose manifests are rehearsed; the first where none is named. */
  readonly environment: string | null;
  /** The service whose manifests are rehearsed; the first where none is named. */
  readonly service: string | null;
  /** Null: as committed. */
  readonly replicas: number | null;
  readonly endpointLagMs: number;
  /** Null: as committed. */
  readonly drainMs: number | null;
  /** The HAProxy to put before the pods; `none` for none, null for one where a route or an Ingress leads to the Service. */
  readonly proxy: string | null;
  /** Clients speak HTTP/2, and not HTTP/1.1; TLS with the proxy before the pods. */
  readonly isHttp2: boolean;
  readonly isSecure: boolean;
  readonly startupMs: number;
  /** An answer that takes longer counts as lost. */
  readonly slowMs: number;
  /** How long the load runs without any rollout, in place of the release and its revert; null for those. */
  readonly idleMs: number | null;
  /** What is played, one after the other. */
  readonly scenes: readonly Scene[];
  /** Play nothing: say which scenes there are. */
  readonly listScenes: boolean;
  /** Play the old system's settings instead of ours; the verdict is expected to be no. */
  readonly baseline: 'original' | null;
  /** What the control is played with; null for none. */
  readonly control: ControlSettings | 'as the scene says' | null;
  readonly reportDirectory: string;
  readonly json: boolean;
  /** Of the page that shows the run while it goes on, 0 for any; null for no page. */
  readonly livePort: number | null;
  /** The real cluster to play on; null for the embedded one. */
  readonly context: ContextOptions | null;
  /** Play on the embedded cluster first, and then on the real one, and show both. */
  readonly compare: boolean;
  /** Measure how fast traffic follows the pods of the real cluster, instead of a play. */
  readonly measureLag: boolean;
  /** The context whose API server and Argo CD are asked about the manifests, instead of a play; null for a play. */
  readonly preflight: string | null;
}

/** What `--help` prints. */
export const usage = (command: string): string => `${command} [FOLDER] [options]

Plays first deployment, release and git revert under load on the embedded cluster, and beside it a control that has to
lose requests: the same release without its drain. Fails when a single request fails or is answered too late. How long
it takes is in the manifests: each of the two rollouts as long as it takes, its last drain too, and 20 s beside them.

  --scene NAME[,NAME]   play these one after the other instead, or all; --list-scenes says which there are
  --rate N              requests per second of each of the two client kinds (100)
  --environment NAME    whose manifests are rehearsed: an Application, or its label environment (the first)
  --service NAME        whose manifests are rehearsed: the label app.kubernetes.io/name of an Application (the first)
  --replicas N          instead of the committed number; where an autoscaler decides, within its bounds
  --endpoint-lag-ms N   how long an endpoint's change takes to reach the traffic (1000)
  --drain-ms N          instead of the committed drain
  --proxy PROGRAM       the HAProxy that stands for an L7 load balancer before the pods, or none (haproxy, where an HTTPRoute or an
                        Ingress of the folder leads to the Service). On a real cluster only where it
                        is asked for; this machine must reach the addresses of pods
  --http VERSION        what clients speak: 1.1 or 2, without TLS as HTTP/2 from the first byte (1.1)
  --tls                 clients speak TLS with the proxy, on the embedded cluster; openssl makes a certificate for the run
  --add-startup-ms N    what {startup-ms} in --build adds to the start (1500). How long pods take to listen is measured
  --slow-ms N           an answer later than this counts like a loss (1000)
  --idle-ms N           send the load for so long without a rollout: what fails then is lost by the cluster, the network or this machine
  --baseline original   play the old system's settings only: exits 1, because requests are lost
  --control KIND        no-drain: the same settings without their drain; original: those of the old system; none (as the scene says)
  --applications DIR    the folder of Argo CD's Applications and AppProjects
${ownUsage}
  --drain-variable NAME the variable that tells the service its drain in ms, if no preStop hook sleeps instead
  --report DIR          where the report goes (reports/latest)
  --json                print report.json instead of the summary
  --live                show the run on a page of 127.0.0.1 while it goes on, and tell its address; --live-port N on that port

  --self-test [NAME...] as the first option: break one thing after the other on purpose, and exit 0 when every verdict is
                        right. A row takes half a minute, all of them about 12

On a real cluster, with the Argo CD 3 that runs there, and a --registry or --images that its nodes pull from:

  --context NAME        of the kubeconfig: play there
  --compare NAME        play on the embedded cluster and there, and show both side by side
  --preflight NAME      play nothing: ask its API server and Argo CD whether they take every environment as it is
  --measure-lag         with --context: play nothing, but take pods away and tell how long requests go on reaching them
  --registry HOST[/PATH]  build v1 and v2 and push them there
  --images REF,REF      instead: two that exist, name:tag@sha256:..., tagged as their VERSION
  --git-host HOST       address of this machine at which Argo CD reaches the scratch repository (127.0.0.1)
  --repository URL      instead: one that exists; a branch of it is pushed by your own git, and deleted at the end
  --expose KIND         node-port or load-balancer (node-port)
  --url URL             where the service is reached, if it can't be found out
  --webhook URL         ask Argo CD by its webhook, signed with ARGOCD_WEBHOOK_SECRET, not by the refresh annotation
  --poll                ask for nothing: wait for Argo CD's own polling
  --own-cluster FILE    of a cluster that is your own: how its parts are taken away and brought back (see docs/scenes.md)
  --keep                leave the namespace and what runs in it

Exit: 0 nothing lost, 1 the verdict is no, 2 wrong use, 3 the rehearsal itself could not run, 4 inconclusive: the
machine and not the service may be at fault, 130 interrupted.`;

const options = {
  rate: { type: 'string', default: '100' },
  environment: { type: 'string' },
  service: { type: 'string' },
  replicas: { type: 'string' },
  'endpoint-lag-ms': { type: 'string', default: '1000' },
  'drain-ms': { type: 'string' },
  proxy: { type: 'string' },
  http: { type: 'string', default: '1.1' },
  tls: { type: 'boolean', default: false },
  'add-startup-ms': { type: 'string', default: '1500' },
  'slow-ms': { type: 'string', default: '1000' },
  'idle-ms': { type: 'string' },
  scene: { type: 'string' },
  'list-scenes': { type: 'boolean', default: false },
  baseline: { type: 'string' },
  applications: { type: 'string' },
  'drain-variable': { type: 'string' },
  control: { type: 'string' },
  report: { type: 'string', default: 'reports/latest' },
  json: { type: 'boolean', default: false },
  live: { type: 'boolean', default: false },
  'live-port': { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
  compare: { type: 'string' },
  preflight: { type: 'string' },
  'measure-lag': { type: 'boolean', default: false },
  ...ownArguments,
  ...contextArguments,
} as const;

/** Reads the command line. Returns null where help is asked for; throws {@link UsageError} with a sentence. */
export function parseOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
  command = 'zerodrop rehearse',
): RehearsalOptions | null {
  const { values, positionals } = parse(args, command);
  if (values.help) return null;
  const baseline = values.baseline === undefined ? null : oneOf('--baseline', values.baseline, ['original']);
  if (values.compare !== undefined && values['idle-ms'] !== undefined) {
    throw new UsageError('--compare and --idle-ms exclude each other: without a rollout there is nothing to compare.');
  }
  if (values['measure-lag'] && (values.context === undefined || values['idle-ms'] !== undefined)) {
    throw new UsageError(
      '--measure-lag measures a real cluster. Name its context by --context, and leave --idle-ms out.',
    );
  }
  const change = changeOptions(values, process.cwd());
  const others = ['compare', 'idle-ms', 'preflight', 'measure-lag'] as const;
  const unscened = ([...others, 'base'] as const).find((name) => values[name]);
  if (values.scene !== undefined && unscened !== undefined)
    throw new UsageError(`--scene and --${unscened} exclude each other: a scene releases what is committed.`);
  const other = (['baseline', ...others] as const).find((name) => values[name]);
  if (change !== null && other !== undefined)
    throw new UsageError(
      `--base and --${other} exclude each other: a change is played as it is. Leave one of them out.`,
    );
  return {
    rate: wholeNumber('--rate', values.rate, 1, 5_000),
    told: {
      applications: values.applications ?? null,
      drainVariable: values['drain-variable'] ?? null,
      build: change !== null && values.command !== undefined ? null : (values.build ?? null),
    },
    own: ownService(values, positionals, process.cwd()),
    change,
    environment: values.environment ?? null,
    service: values.service ?? null,
    replicas: values.replicas === undefined ? null : wholeNumber('--replicas', values.replicas, 2, 100),
    endpointLagMs: wholeNumber('--endpoint-lag-ms', values['endpoint-lag-ms'], 0, 600_000),
    drainMs: values['drain-ms'] === undefined ? null : wholeNumber('--drain-ms', values['drain-ms'], 0, 600_000),
    proxy: values.proxy ?? null,
    isHttp2: oneOf('--http', values.http, ['1.1', '2']) === '2',
    isSecure: secureOf(values),
    startupMs: wholeNumber('--add-startup-ms', values['add-startup-ms'], 0, 60_000),
    slowMs: wholeNumber('--slow-ms', values['slow-ms'], 1, 10_000),
    idleMs: values['idle-ms'] === undefined ? null : wholeNumber('--idle-ms', values['idle-ms'], 1, 3_600_000),
    scenes: scenesNamed(values.scene),
    listScenes: values['list-scenes'],
    baseline,
    control: controlOf(values),
    reportDirectory: values.report,
    json: values.json,
    livePort: livePort(values),
    context: realCluster(values, environment),
    compare: values.compare !== undefined,
    preflight: values.preflight ?? null,
    measureLag: values['measure-lag'],
  };
}

/** A play that is a control itself, or is compared, or releases nothing, has none unless one is asked for, which is refused. */
function controlOf({ control, ...values }: ReturnType<typeof parse>['values']): RehearsalOptions['control'] {
  const said =
    control === undefined ? 'as the scene says' : oneOf('--control', control, ['no-drain', 'original', 'none']);
  const other = (['baseline', 'compare', 'idle-ms'] as const).find((name) => values[name] !== undefined);
  if (other === undefined) return said === 'none' ? null : said;
  if (control !== undefined && control !== 'none') {
    throw new UsageError(`--control ${control} and --${other} exclude each other: such a play has no control.`);
  }
  return null;
}

function secureOf({ tls, proxy, context, compare }: ReturnType<typeof parse>['values']): boolean {
  const other = proxy === 'none' ? '--proxy none' : context !== undefined ? '--context' : '--compare';
  if (!tls || (proxy !== 'none' && context === undefined && compare === undefined)) return tls;
  throw new UsageError(`--tls and ${other} exclude each other: the proxy on the embedded cluster speaks TLS.`);
}

function realCluster(
  values: ReturnType<typeof parse>['values'],
  environment: Readonly<Record<string, string | undefined>>,
): ContextOptions | null {
  const named = [values.context, values.compare, values.preflight].filter((name) => name !== undefined);
  if (named.length > 1) {
    throw new UsageError('--context, --compare and --preflight exclude each other: each names the context itself.');
  }
  const [name] = named;
  if (name !== undefined) return contextOptions(name, values, environment);
  refuseContextOptions(values);
  return null;
}

function parse(args: readonly string[], command: string) {
  return readOptions(args, options, { help: `${command} --help`, words: 1 });
}
