import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Ended, OperationError, ProgramError, untilInterrupted, UsageError } from '../errors.ts';
import { git } from '../git.ts';
import { startLive } from '../live/server.ts';
import type { Live } from '../live/state.ts';
import { livePort, millisecondsOf, readOptions } from '../options.ts';
import { type Cluster, connect } from '../rollout/kubernetes/api.ts';
import type { Watch } from '../rollout/watch.ts';
import { type Expected, type Fetching, findCommit, lineage, tagOf } from './expected.ts';
import { endpointOf } from './probe.ts';
import { predicateType } from './receipt.ts';
import { type Named, report, requireDigest, subjectOf, writeReceipt } from './report.ts';
import { readApplication, type Target, targetOfDeployment, targetsOf } from './targets.ts';
import { mostRate, readRate, startTraffic, type Traffic } from './traffic.ts';
import { verify, type Verification } from './verify.ts';

const usage = `zerodrop verify --application NAME [options] [PATH...]
zerodrop verify --deployment NAME --namespace NAME [options] [PATH...]

Waits until a commit runs, or says why it does not. With Argo CD: the Application has that commit synced and is healthy, every replica of its
Deployments is new and available, and the last old pod is gone. Without: the same of one Deployment, whatever applies it. Fails when something
of the commit has failed for 20 s, such as a crash loop or an image that can't be pulled, and quotes the cluster.

Which Deployments, images and namespaces are expected stands in the rendered manifests of the commit: below each PATH, or below the path that
the Application names. Where Argo CD renders a chart or a kustomization, its Deployments are those that Argo CD lists. Run it in a clone of the
repository that Argo CD follows, with its history.

  --application NAME       of Argo CD
  --argocd-namespace NAME  where Argo CD keeps it (argocd)
  --deployment NAME        this one alone
  --namespace NAME         of Deployments whose manifests name none (the Application's destination)
  --commit COMMIT          the commit to verify (HEAD)
  --url URL                has to answer 200 when the rollout is complete, 20 times over new connections; where it answers JSON with a
                           "version", that has to be the image's tag
  --rate N                 sends N requests a second of each client kind (kept connections, new ones) to the url by GET, from before the
                           wait until 3 s after the last old pod is gone, and tells what was lost: from 1 to ${mostRate}, and 60,000 requests
                           in all. Right is any answer from 200 to 299
  --receipt FILE           writes what was sent and lost as JSON: the predicate of an in-toto statement about the image, to be signed by
                           cosign attest --predicate FILE --type ${predicateType}
  --environment NAME       what the receipt calls it
  --live                   shows the rollout on a page of 127.0.0.1 while it goes on, and tells its address; --live-port N on that port
  --json                   prints the outcome as JSON
  --context NAME           of the kubeconfig (the current one)
  --within-seconds N       how long to wait for each rollout (as long as pods get ready, 25 minutes for all)
  --remote NAME            the remote that Argo CD follows (origin)
  --directory DIR          anywhere in the clone (the current directory)

Exit: 0 rolled out, 1 not rolled out or requests were lost, 2 wrong use, 3 the cluster or the clone can't be asked, 4 rolled out and it is
inconclusive whether requests were lost, 130 interrupted.
`;

const options = {
  application: { type: 'string' },
  'argocd-namespace': { type: 'string', default: 'argocd' },
  deployment: { type: 'string' },
  namespace: { type: 'string' },
  commit: { type: 'string', default: 'HEAD' },
  url: { type: 'string' },
  rate: { type: 'string' },
  receipt: { type: 'string' },
  environment: { type: 'string' },
  json: { type: 'boolean', default: false },
  live: { type: 'boolean', default: false },
  'live-port': { type: 'string' },
  context: { type: 'string' },
  'within-seconds': { type: 'string' },
  remote: { type: 'string', default: 'origin' },
  directory: { type: 'string', default: '.' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

type Values = ReturnType<typeof readOptions<typeof options>>['values'];

/** A fetch of a large repository fits in; what takes longer hangs. */
const callMs = 60_000;

/** `zerodrop verify` */
export async function verifyCommand(args: readonly string[]): Promise<Ended> {
  const { values, positionals } = readOptions(args, options);
  if (values.help) return { stdout: usage, stderr: '', exitCode: 0 };
  if (values.application === undefined && values.deployment === undefined) {
    throw new UsageError(
      'Nothing is named to be verified. Name an Application of Argo CD by --application, or a Deployment by --deployment and --namespace.',
    );
  }
  const { 'within-seconds': within } = values;
  const withinMs = within === undefined ? null : millisecondsOf('--within-seconds', within);
  const url = endpointOf(values.url);
  const rate = rateOf(values);
  const port = livePort(values);
  if (values.receipt !== undefined) await rm(values.receipt, { force: true });
  return untilInterrupted(async (signal) => {
    const cluster = await connect(values.context ?? null);
    const asked = { values, paths: positionals.map((path) => path.replace(/\/+$/, '') || '.'), signal };
    const { name, targets, fetching } = await find(cluster, asked);
    if (values.receipt !== undefined) requireDigest(targets.map(({ expected }) => expected));
    const live = port === null ? null : await startLive(name, port);
    const traffic = rate === null || url === null ? null : await startTraffic(url.url, rate, signal);
    if (traffic !== null) live?.follow(traffic.samples, 0);
    try {
      const manner = { withinMs, endpoint: url, signal, ...shownBy(traffic, live) };
      const all = await verifyAll(cluster, targets, fetching, manner);
      const receipt = (await traffic?.end(subjectOf(name, values.environment ?? null, all))) ?? null;
      if (receipt !== null && values.receipt !== undefined) await writeReceipt(values.receipt, receipt);
      const outcome = { name, url: values.url ?? null, all, measured: traffic === null ? undefined : receipt };
      const { exitCode, stdout, stderr } = report(outcome);
      live?.verdict(exitCode === 0 ? 'passed' : exitCode === 4 ? 'inconclusive' : 'failed', stdout + stderr);
      return values.json ? report(outcome, true) : { exitCode, stdout, stderr };
    } finally {
      await traffic?.abandon();
      await live?.close();
    }
  });
}

/** The rate of the load; null for none. Throws {@link UsageError} where one option lacks another. */
function rateOf({ rate, url, receipt }: Values): number | null {
  if (rate === undefined) {
    if (receipt === undefined) return null;
    throw new UsageError('--receipt needs --rate N: a receipt tells what a load met.');
  }
  if (url === undefined) throw new UsageError('--rate needs --url URL: the address that the load goes to.');
  return readRate('--rate', rate);
}

/** Who looks at the rollouts while they go on. The page shows the first of several. */
function shownBy(traffic: Traffic | null, live: Live | null): Pick<Manner, 'watching' | 'told'> {
  let isShown = false;
  return {
    told: (line) => live?.step(line),
    watching(watch, name, { image, picture = [] }) {
      traffic?.watch(watch);
      if (watch === null || isShown) return;
      isShown = true;
      live?.rolling({ name, to: image === null ? 'the newest' : (tagOf(image) ?? image), picture }, watch);
    },
  };
}

/** What one command line asks for. */
interface Line {
  readonly values: Values;
  readonly paths: readonly string[];
  readonly signal: AbortSignal;
}

interface Found {
  /** What is verified, for a person. */
  readonly name: string;
  readonly targets: readonly Target[];
  readonly fetching: Fetching;
}

async function find(cluster: Cluster, { values, paths, signal }: Line): Promise<Found> {
  const { remote, namespace = null, deployment = null, application: named, 'argocd-namespace': argo } = values;
  if (named === undefined && paths.length === 0) {
    const asked = { directory: '.', commit: '', paths, deployment, namespace };
    const fetching = { directory: '.', remote, branch: 'HEAD', callMs, signal };
    return { name: deployment ?? '', targets: [await targetOfDeployment(cluster, asked, deployment ?? '')], fetching };
  }
  const directory = await clone(values.directory);
  const read = named === undefined ? null : await readApplication(cluster, named, argo);
  const fetching = { directory, remote, branch: read?.branch ?? 'HEAD', callMs, signal };
  const commit = await findCommit(fetching, values.commit);
  if (commit === null) {
    throw new UsageError(
      `--commit is ${JSON.stringify(values.commit)}, which is no commit here, nor on ${fetching.branch} at ${remote}.`,
    );
  }
  for (const path of paths) await requirePath(directory, commit, path);
  const asked = { directory, commit, paths, deployment, namespace };
  const targets =
    read === null
      ? [await targetOfDeployment(cluster, asked, deployment ?? '')]
      : await targetsOf(cluster, read.application, argo, asked);
  return { name: named ?? deployment ?? '', targets, fetching };
}

/** The root of the clone. Throws {@link UsageError} where there is none, or none whose history can be asked. */
async function clone(directory: string): Promise<string> {
  const root = await git(directory, 'rev-parse', '--show-toplevel').catch((cause: unknown) => {
    if (!(cause instanceof ProgramError)) throw cause;
    throw new UsageError(
      `${directory} is in no clone of git (${cause.said}). Run this in one, or name it by --directory.`,
      { cause },
    );
  });
  if ((await git(root, 'rev-parse', '--is-shallow-repository')) === 'true') {
    throw new UsageError(
      `The clone in ${root} is shallow, so nothing tells whether a commit is later than another. Fetch its history: git fetch --unshallow, or fetch-depth: 0 of actions/checkout.`,
    );
  }
  return root;
}

async function requirePath(directory: string, commit: string, path: string): Promise<void> {
  if (path === '.' || (await git(directory, 'ls-tree', '--full-tree', commit, '--', path)) !== '') return;
  throw new UsageError(
    `${path} is not in commit ${commit.slice(0, 7)}. A PATH counts from the root of the repository, and holds rendered manifests.`,
  );
}

interface Manner extends Pick<Verification, 'withinMs' | 'endpoint' | 'signal'> {
  /** Is told each line of progress. */
  readonly told: (line: string) => void;
  readonly watching: (watch: Watch | null, name: string, expected: Expected) => void;
}

/** Verifies every rollout at once; the first that fails ends the others. */
async function verifyAll(
  cluster: Cluster,
  targets: readonly Target[],
  fetching: Fetching,
  { signal, told, watching, ...manner }: Manner,
): Promise<readonly Named[]> {
  const failing = new AbortController();
  const settled = await Promise.allSettled(
    targets.map(async ({ followed, expected, expectedAt, manifestsAt }): Promise<Named> => {
      const name = followed.deployment?.name ?? followed.application?.name ?? '';
      const verification: Verification = {
        ...manner,
        followed,
        expected,
        history: {
          lineage: async (awaited, found) => lineage(fetching, awaited, found),
          manifestsAt,
          expectedAt,
        },
        permissions: "zerodrop's README.md",
        pause: async (time, until) => sleep(time, undefined, { signal: until }).catch(() => undefined),
        signal: AbortSignal.any([signal, failing.signal]),
        tell(line) {
          process.stderr.write(`${name}: ${line}\n`);
          told(`${name}: ${line}`);
        },
        watching: (watch) => watching(watch, name, expected),
      };
      const verified = await verify(cluster, verification, async () => null);
      if (verified.kind === 'failed') failing.abort(new OperationError('Another Deployment has failed.'));
      return { name, verified };
    }),
  );
  const known = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const [reason] = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  if (reason !== undefined && !known.some(({ verified }) => verified.kind === 'failed')) throw reason;
  return known;
}
