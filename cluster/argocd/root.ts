import type { IApplication } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application';
import type { IAppProject } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/AppProject';
import { argoNamespace, clusterServer, deployAccount, following } from '../../apps/argo/application.ts';
import type { ClusterProject } from '../cluster-project.ts';
import type { Json, JsonObject } from '../terraform-json.ts';

/** The name of the one application, and its project, that Terraform makes. */
export const rootName = 'root';

/** What the root may make: projects and applications, from this repository, beside itself. Nothing that runs. */
export function rootProject(repository: string): IAppProject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: rootName, namespace: argoNamespace },
    spec: {
      description: 'The projects and applications in argocd/.',
      sourceRepos: [repository],
      destinations: [{ server: clusterServer, namespace: argoNamespace }],
      destinationServiceAccounts: [
        { server: clusterServer, namespace: argoNamespace, defaultServiceAccount: deployAccount(argoNamespace) },
      ],
      namespaceResourceWhitelist: [
        { group: 'argoproj.io', kind: 'Application' },
        { group: 'argoproj.io', kind: 'AppProject' },
      ],
    },
  };
}

/**
 * Argo CD's own project, which it makes at its first start and which permits everything. Here it permits nothing: an
 * application that names it, or none at all, is refused.
 */
export function defaultProject(): IAppProject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'default', namespace: argoNamespace },
    spec: {
      description: 'Permits nothing. Each service has a project of its own.',
      sourceRepos: [],
      destinations: [],
      clusterResourceWhitelist: [],
      // An empty list of permitted kinds permits them all, so they are forbidden.
      namespaceResourceBlacklist: [{ group: '*', kind: '*' }],
    },
  };
}

/**
 * The application that follows a cluster's folder of argocd/. It is not in argocd/ itself: a bad commit there could take away the one thing
 * that would bring the next commit.
 */
export function rootApplication(repository: string, argoFolder: string): IApplication {
  return following(repository, {
    name: rootName,
    project: rootName,
    path: argoFolder,
    namespace: argoNamespace,
  });
}

/**
 * Lets managed Prometheus read what the controller tells of its applications, and none of the hundreds of other series: what a sample costs
 * is paid by the sample.
 */
export function controllerMonitoring(): object {
  return {
    apiVersion: 'monitoring.googleapis.com/v1',
    kind: 'PodMonitoring',
    metadata: { name: 'argocd-application-controller', namespace: argoNamespace },
    spec: {
      selector: { matchLabels: { 'app.kubernetes.io/name': 'argocd-application-controller' } },
      endpoints: [
        {
          port: 'metrics',
          interval: '60s',
          metricRelabeling: [
            { action: 'keep', sourceLabels: ['__name__'], regex: 'argocd_app_info|argocd_app_sync_total' },
          ],
        },
      ],
    },
  };
}

interface Manifest {
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly spec: object;
}

// Through JSON, which is what the chart gets in the end.
function plain(value: object): JsonObject {
  const json: JsonObject = JSON.parse(JSON.stringify(value));
  return json;
}

/** A manifest as the chart takes an application: by name, with the spec's fields beside the namespace. */
function entry({ metadata, spec }: Manifest): JsonObject {
  const { name = '', namespace = '' } = metadata ?? {};
  return { [name]: { namespace, ...plain(spec) } };
}

/** A manifest as it is. The chart's own template of a project leaves out the fields that it does not know, and empty lists. */
export function whole(manifest: object): Json {
  const { metadata }: Partial<Manifest> = manifest;
  return { items: [{ name: metadata?.name ?? '' }], template: plain(manifest) };
}

/** The values of the argocd-apps chart: the root, its project, Argo CD's own project `default`, which permits nothing, and who reads its metrics. */
export function appsValues({ repository, argoFolder }: Pick<ClusterProject, 'repository' | 'argoFolder'>): JsonObject {
  return {
    itemTemplates: [rootProject(repository), defaultProject(), controllerMonitoring()].map(whole),
    applications: entry(rootApplication(repository, argoFolder)),
  };
}
