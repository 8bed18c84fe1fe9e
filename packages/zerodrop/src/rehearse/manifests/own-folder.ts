import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../../errors.ts';
import { expectedOneOf } from '../../options.ts';
import { applicationsIn, type Named } from '../embedded/argo-cd/application.ts';
import { at, isManifest, isManifestFile, listAt, type Manifest, parseDocuments, textAt } from './object.ts';

/** Manifests that are rehearsed as they stand. */
export interface OwnFolder {
  /** The folder, or one file. */
  readonly folder: string | null;
  /** The Deployment that is released; null for the only one that a Service leads to. */
  readonly deployment: string | null;
}

/** Files that say that a folder is no manifests yet, and what renders it. */
const sources: Readonly<Record<string, string>> = {
  'kustomization.yaml': 'kubectl kustomize',
  'kustomization.yml': 'kubectl kustomize',
  'Chart.yaml': 'helm template',
};

/** Reads the objects of a folder or a file; those of lists too. Throws {@link UsageError} where there are none. */
export async function readGiven(folder: string): Promise<readonly Manifest[]> {
  const isFolder = (await stat(folder)).isDirectory();
  const names = isFolder ? await readdir(folder) : [];
  const source = names.find((name) => Object.hasOwn(sources, name));
  if (source !== undefined) {
    const said = path.relative(process.cwd(), folder) || '.';
    throw new UsageError(
      `${said} has a ${source}, so it is not manifests yet. Render it, and rehearse that: ${sources[source]} ${said} > rendered.yaml; zerodrop rehearse rendered.yaml ...`,
    );
  }
  const files = isFolder
    ? names
        .filter(isManifestFile)
        .toSorted()
        .map((name) => path.join(folder, name))
    : [folder];
  const objects: Manifest[] = [];
  for (const file of files) {
    const documents = parse(file, await readFile(file, 'utf8'));
    const items: readonly unknown[] = documents.flatMap((value): readonly unknown[] =>
      textAt(value, 'kind') === 'List' ? (listAt(value, 'items') ?? []) : [value],
    );
    const stranger = items.find((value) => !isManifest(value));
    if (stranger !== undefined) {
      throw new UsageError(
        `${file} holds something without apiVersion, kind or metadata.name, which is no object of Kubernetes. Name manifests alone.`,
      );
    }
    objects.push(...items.filter(isManifest));
  }
  if (objects.length === 0)
    throw new UsageError(`${folder} holds no manifests: files that end in .yaml, .yml or .json.`);
  return objects;
}

function parse(file: string, text: string): readonly unknown[] {
  try {
    return parseDocuments({ path: file, text }).map(({ value }) => value);
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** What makes Argo CD follow manifests, and the manifests as it is to apply them. */
export interface OwnProject {
  readonly application: readonly Manifest[];
  readonly objects: readonly Manifest[];
}

const server = 'https://kubernetes.default.svc';

/**
 * The project that a folder stands for. Of several Deployments the one that is released is kept: nobody sends the others requests. What
 * Argo CD and Helm do themselves is left out.
 */
export function ownProject(given: readonly Manifest[], folder: string, named: string | null): OwnProject {
  const kept = given.filter(
    ({ apiVersion, metadata: { annotations } }) =>
      !apiVersion.startsWith('argoproj.io/') && annotations?.['helm.sh/hook'] === undefined,
  );
  const deployment = releasedOf(kept, folder, named);
  const namespace = deployment.metadata.namespace ?? 'default';
  const { name } = deployment.metadata;
  const objects = kept.filter(
    (one) => one === deployment || !['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'].includes(one.kind),
  );
  const isThere = objects.some((one) => one.kind === 'Namespace' && one.metadata.name === namespace);
  const hasService = objects.some(({ kind }) => kind === 'Service');
  return {
    application: [
      {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'AppProject',
        metadata: { name, namespace: 'argocd' },
        spec: {
          sourceRepos: ['*'],
          destinations: [{ server: '*', namespace: '*' }],
          clusterResourceWhitelist: [{ group: '*', kind: '*' }],
        },
      },
      {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        metadata: { name, namespace: 'argocd' },
        spec: {
          project: name,
          source: { repoURL: folder, targetRevision: 'main', path: 'manifests' },
          destination: { server, namespace },
          syncPolicy: { automated: { prune: true, selfHeal: true } },
        },
      },
    ],
    objects: [
      ...(isThere || namespace === 'default'
        ? []
        : [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]),
      ...objects,
      ...(hasService ? [] : serviceFor(deployment)),
    ],
  };
}

function releasedOf(objects: readonly Manifest[], folder: string, named: string | null): Manifest {
  const all = objects.filter(({ kind }) => kind === 'Deployment');
  const names = all.map(({ metadata }) => metadata.name);
  if (named !== null) {
    const found = all.find(({ metadata }) => metadata.name === named);
    if (found === undefined)
      throw new UsageError(`--deployment is ${named}, but ${folder} has ${names.join(', ') || 'no Deployment'}.`);
    return found;
  }
  const services = objects.filter(({ kind }) => kind === 'Service');
  const reached = all.filter((deployment) => isReached(deployment, services));
  const [only, ...more] = reached.length > 0 ? reached : all;
  if (only === undefined) throw new UsageError(`${folder} has no Deployment, and nothing else is rolled out here.`);
  if (more.length > 0)
    throw new UsageError(
      `${folder} has several Deployments: ${names.join(', ')}. Say which is released by --deployment NAME.`,
    );
  return only;
}

function isReached(deployment: Manifest, services: readonly Manifest[]): boolean {
  const labels = at(deployment, 'spec', 'template', 'metadata', 'labels');
  return services.some((service) => {
    const selector = Object.entries(at(service, 'spec', 'selector') ?? {});
    return selector.length > 0 && selector.every(([label, value]) => at(labels, label) === value);
  });
}

/** A Service for a Deployment that declares a port and has none: requests need a way to it. */
function serviceFor(deployment: Manifest): readonly Manifest[] {
  const containers = listAt(deployment, 'spec', 'template', 'spec', 'containers') ?? [];
  const [port] = containers.flatMap((container) => listAt(container, 'ports') ?? []);
  if (port === undefined) return [];
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: deployment.metadata.name },
      spec: {
        selector: at(deployment, 'spec', 'selector', 'matchLabels'),
        ports: [{ port: 80, targetPort: port['containerPort'] }],
      },
    },
  ];
}

/** An Application, and the folder that its manifest is in. */
export interface Placed {
  readonly folder: string;
  readonly name: string;
}

/** What a repository knows of the names that are asked for: see Repository. */
interface Naming {
  applications(directory: string, named: Named): Promise<string>;
  firstEnvironment(directory: string, service: string | null): Promise<string | null>;
}

/** The Application that is played. Throws {@link UsageError} where the name that is asked for is none's. */
export async function applicationToPlay(repository: Naming, directory: string, named: Named): Promise<Placed> {
  const folder = await repository.applications(directory, named);
  const environment = named.environment ?? (await repository.firstEnvironment(directory, named.service));
  const applications = await applicationsIn(directory, folder);
  return { folder, name: chosenApplication(applications, { environment, service: named.service }) };
}

/**
 * The name of the Application that is named: by its own name or its label `environment`, and by its label `app.kubernetes.io/name`, which
 * is its service; the first where nothing is named. Throws {@link UsageError} with those that there are.
 */
export function chosenApplication(applications: readonly Manifest[], named: Named): string {
  const isService = (one: Manifest): boolean => named.service === null || serviceOf(one) === named.service;
  const isEnvironment = (one: Manifest): boolean =>
    named.environment === null || one.metadata.name === named.environment || environmentOf(one) === named.environment;
  const [found, ...more] = applications.filter((one) => isService(one) && isEnvironment(one));
  if (found === undefined) throw new UsageError(noneChosen(applications, named, applications.some(isService)));
  const exact = [found, ...more].find(({ metadata }) => metadata.name === named.environment) ?? found;
  if (named.environment !== null && more.length > 0 && exact.metadata.name !== named.environment) {
    const names = [found, ...more].map(({ metadata }) => metadata.name).join(' and ');
    throw new UsageError(
      `--environment ${named.environment} is that of ${names}. Name one of these instead, or its service by --service.`,
    );
  }
  return exact.metadata.name;
}

function noneChosen(applications: readonly Manifest[], { environment, service }: Named, isKnown: boolean): string {
  if (applications.length === 0 || (environment === null && service === null)) {
    return 'There is no Application of Argo CD to rehearse. Name the folder that holds it by --applications.';
  }
  if (service !== null && !isKnown) {
    return `--service is ${JSON.stringify(service)}, ${expectedOneOf(distinct(applications.map(serviceOf)), service)}`;
  }
  const own = applications.filter((one) => service === null || serviceOf(one) === service);
  const of = service === null ? '' : ` for ${service}`;
  return `--environment is ${JSON.stringify(environment)}${of}, ${expectedOneOf(distinct(own.map(environmentOf)), environment ?? '')}`;
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

function serviceOf({ metadata }: Manifest): string {
  return textAt(metadata, 'labels', 'app.kubernetes.io/name') ?? metadata.name;
}

function environmentOf({ metadata }: Manifest): string {
  return textAt(metadata, 'labels', 'environment') ?? metadata.name;
}
