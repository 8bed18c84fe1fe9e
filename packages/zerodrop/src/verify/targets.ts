import { UsageError } from '../errors.ts';
import { didYouMean } from '../options.ts';
import { type Cluster, read } from '../rollout/kubernetes/api.ts';
import { applicationsPath, deploymentsPath, type Followed, labelSelector } from '../rollout/kubernetes/objects.ts';
import {
  deploymentsAt,
  type Expected,
  expectedOf,
  type Manifests,
  manifestsAt,
  patienceMs,
  readExpected,
  isPlain,
  type Source,
} from './expected.ts';

/** What a command line asks to be verified. */
export interface Asked extends Omit<Manifests, 'paths'> {
  /** The root of the clone. */
  readonly directory: string;
  /** 40 hex digits. */
  readonly commit: string;
  /** Folders of rendered manifests; empty for those that the Application names. */
  readonly paths: readonly string[];
  /** One Deployment of several; null for all. */
  readonly deployment: string | null;
  readonly namespace: string | null;
}

/** One rollout of what is asked for. */
export interface Target {
  readonly followed: Followed;
  readonly expected: Expected;
  /** What the same is to be at another commit; null where it is not there. */
  readonly expectedAt: (commit: string) => Promise<Expected | null>;
  readonly manifestsAt: (commit: string) => Promise<string | null>;
}

/** The part of an Application that says what it applies, and where. */
export interface ReadApplication {
  readonly metadata: { readonly name: string };
  readonly spec?: {
    readonly source?: Source;
    readonly sources?: readonly Source[];
    readonly sourceHydrator?: { readonly syncSource?: { readonly targetBranch?: string; readonly path?: string } };
    readonly destination?: { readonly server?: string; readonly name?: string; readonly namespace?: string };
  };
  readonly status?: {
    readonly resources?: readonly {
      readonly group?: string;
      readonly kind?: string;
      readonly namespace?: string;
      readonly name?: string;
    }[];
  };
}

/** Reads an Application. Throws {@link UsageError} where Argo CD has none of that name, and where it follows no single path of git. */
export async function readApplication(
  cluster: Cluster,
  name: string,
  namespace: string,
): Promise<{ readonly application: ReadApplication; readonly branch: string }> {
  const { items } = await read<{ items: readonly ReadApplication[] }>(cluster, applicationsPath(namespace));
  const application = items.find(({ metadata }) => metadata.name === name);
  if (application === undefined) {
    const names = items.map(({ metadata }) => metadata.name);
    throw new UsageError(
      `--application is ${JSON.stringify(name)}, and Argo CD has no such Application in the namespace ${namespace}.${didYouMean(name, names)} Where Argo CD keeps it elsewhere, name that by --argocd-namespace.`,
    );
  }
  const { sources = [], sourceHydrator } = application.spec ?? {};
  const source = sourceOf(application);
  if (source === undefined || source.chart !== undefined || (sourceHydrator === undefined && sources.length > 0)) {
    throw new UsageError(
      `The Application ${name} follows ${source?.chart === undefined ? 'several sources' : 'a chart'}, so no commit of one repository tells what it runs. Verify its Deployments instead: --deployment NAME --namespace NAME.`,
    );
  }
  return { application, branch: source.targetRevision ?? 'HEAD' };
}

/** What an Application syncs: of one whose manifests Argo CD renders into a branch, that branch (`GetSource` of Argo CD's types.go). */
function sourceOf({ spec = {} }: ReadApplication): Source | undefined {
  const { syncSource } = spec.sourceHydrator ?? {};
  if (syncSource === undefined) return spec.source;
  const { path, targetBranch } = syncSource;
  return { ...(path !== undefined && { path }), ...(targetBranch !== undefined && { targetRevision: targetBranch }) };
}

/** The rollouts by which an Application's commit is judged: its Deployments, or its own health where there are none to be seen. */
export async function targetsOf(
  cluster: Cluster,
  applied: ReadApplication,
  argoNamespace: string,
  asked: Asked,
): Promise<readonly Target[]> {
  const { metadata, spec, status } = applied;
  const { name } = metadata;
  const [source, destination] = [sourceOf(applied) ?? {}, spec?.destination ?? {}];
  const application = { name, namespace: argoNamespace };
  const namespace = asked.namespace ?? destination.namespace ?? 'default';
  const paths = asked.paths.length > 0 ? asked.paths : [(source.path ?? '.').replace(/^\.\/|\/+$/g, '') || '.'];
  const { recurse, include, exclude } = source.directory ?? {};
  const picked = asked.paths.length > 0 ? {} : { isFlat: recurse !== true, include, exclude };
  const isRendered = asked.paths.length > 0 || (await isPlain(asked, source));
  if (!isHere(destination)) return [byApplication(asked, application, isRendered ? paths : ['.'])];
  const found = isRendered
    ? await renderedTargets({ ...asked, ...picked, paths, namespace }, application)
    : await liveTargets(cluster, status?.resources ?? [], { ...asked, namespace }, application);
  if (asked.deployment !== null && found.length === 0) throw noDeployment(asked, `The Application ${name}`);
  return found.length > 0 ? found : [byApplication(asked, application, isRendered ? paths : ['.'])];
}

/** The rollout of a Deployment that no Application applies: of what its manifests say, or of whatever it has now. */
export async function targetOfDeployment(cluster: Cluster, asked: Asked, name: string): Promise<Target> {
  const [rendered] = asked.paths.length === 0 ? [] : await renderedTargets(asked, null);
  if (rendered !== undefined) return rendered;
  if (asked.paths.length > 0) throw noDeployment(asked, `Commit ${asked.commit.slice(0, 7)}`);
  if (asked.namespace === null) {
    throw new UsageError('--namespace is missing: the namespace of the Deployment, or a PATH whose manifest says it.');
  }
  const live = await liveTarget(cluster, name, asked.namespace, { ...asked, commit: '' }, null);
  if (live === null) throw new UsageError(`The namespace ${asked.namespace} has no Deployment ${name}.`);
  return live;
}

function noDeployment({ deployment, paths }: Asked, what: string): UsageError {
  const where = paths.length === 0 ? '' : ` in ${paths.join(', ')}`;
  return new UsageError(`--deployment is ${JSON.stringify(deployment)}, and ${what} has no such Deployment${where}.`);
}

async function renderedTargets(asked: Asked, application: Followed['application']): Promise<readonly Target[]> {
  const { directory, commit, paths, isFlat = false, include, exclude } = asked;
  const only: Expected['only'] = application === null ? 'deployment' : undefined;
  const where = { paths, isFlat, include, exclude };
  const wanted = (await deploymentsAt(directory, commit, where)).filter(
    ({ name }) => asked.deployment === null || name === asked.deployment,
  );
  const targets = wanted.map(async (deployment): Promise<Target> => {
    const { name, namespace, selector } = deployment;
    const expected = { ...(await expectedOf(directory, where, deployment, commit)), only };
    return {
      followed: {
        namespace: namespace ?? asked.namespace ?? 'default',
        deployment: { name, selector: labelSelector(selector), service: null },
        application,
      },
      // What a url answers is of one of them, and nothing tells which.
      expected: wanted.length === 1 ? expected : { ...expected, version: null },
      expectedAt: async (at) => {
        const found = await readExpected(directory, where, name, at);
        return found === null ? null : { ...found, only };
      },
      manifestsAt: async (at) => manifestsAt(directory, at, paths),
    };
  });
  return Promise.all(targets);
}

type Resources = NonNullable<NonNullable<ReadApplication['status']>['resources']>;

/** Argo CD renders these itself, so git does not say what they are. */
async function liveTargets(
  cluster: Cluster,
  resources: Resources,
  asked: Asked & { readonly namespace: string },
  application: Followed['application'],
): Promise<readonly Target[]> {
  const targets = resources
    .filter(({ group, kind }) => group === 'apps' && kind === 'Deployment')
    .filter(({ name }) => asked.deployment === null || name === asked.deployment)
    .map(async ({ name = '', namespace = asked.namespace }) =>
      liveTarget(cluster, name, namespace, asked, application),
    );
  return (await Promise.all(targets)).filter((target) => target !== null);
}

/** A Deployment as the cluster has it; null where it is not there. */
async function liveTarget(
  cluster: Cluster,
  name: string,
  namespace: string,
  { directory, commit }: Asked,
  application: Followed['application'],
): Promise<Target | null> {
  const { items } = await read<{ items: readonly { readonly spec?: { readonly selector?: object } }[] }>(
    cluster,
    deploymentsPath(namespace),
    { fieldSelector: `metadata.name=${name}` },
  );
  const [deployment] = items;
  if (deployment === undefined) return null;
  const only = application === null ? 'deployment' : undefined;
  return {
    followed: {
      namespace,
      deployment: { name, selector: labelSelector(deployment.spec?.selector), service: null },
      application,
    },
    ...anyVersion(directory, commit, ['.'], { only, patienceMs: patienceMs(deployment) }),
  };
}

function byApplication(
  { directory, commit }: Asked,
  application: Followed['application'],
  paths: readonly string[],
): Target {
  return {
    followed: { namespace: 'default', deployment: null, application },
    ...anyVersion(directory, commit, paths, { only: 'application', patienceMs: patienceMs(undefined) }),
  };
}

/** What a commit brings of which only Argo CD knows what it is. */
function anyVersion(
  directory: string,
  commit: string,
  paths: readonly string[],
  { only, patienceMs: patience }: Pick<Expected, 'only' | 'patienceMs'>,
): Pick<Target, 'expected' | 'expectedAt' | 'manifestsAt'> {
  const expected: Expected = { commit, image: null, version: null, manifests: null, only, patienceMs: patience };
  return {
    expected,
    expectedAt: async (at) => ({ ...expected, commit: at, manifests: await manifestsAt(directory, at, paths) }),
    manifestsAt: async (at) => manifestsAt(directory, at, paths),
  };
}

/** The cluster that Argo CD itself runs on. On another one, nothing but Argo CD's own words are seen from here. */
function isHere({ server, name }: { readonly server?: string; readonly name?: string }): boolean {
  return name === undefined || name === ''
    ? server === undefined || server === 'https://kubernetes.default.svc'
    : name === 'in-cluster';
}
