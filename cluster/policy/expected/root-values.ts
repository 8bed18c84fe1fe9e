import type { JsonObject } from '../../terraform-json.ts';
import { textAt } from '../../terraform-json.ts';
import type { ShapeObject } from '../shape.ts';
import { because } from '../shape.ts';
import type { Owner } from './owner.ts';

// A project's list of repositories holds patterns, so none may be in it.
const oneRepository = /^(?:https:\/\/|ssh:\/\/|git@)[^\s*?[\]{}!]+$/;
const destination = { server: 'https://kubernetes.default.svc', namespace: 'argocd' };

function project(name: string, spec: ShapeObject): ShapeObject {
  return {
    items: [{ name }],
    template: {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name, namespace: 'argocd' },
      spec: { description: /./, ...spec },
    },
  };
}

/** The values of the chart argocd-apps: a root that makes projects and applications alone, and an empty project `default`. */
export function expectedRootValues({ argoFolder }: Owner, values: JsonObject): ShapeObject {
  const repository = textAt(values, 'applications.root.source.repoURL');

  return {
    itemTemplates: [
      project('root', {
        sourceRepos: because([repository], 'the root could follow another repository'),
        destinations: because([destination], 'the root could reach another namespace'),
        destinationServiceAccounts: because(
          [{ ...destination, defaultServiceAccount: 'argocd:deploy-argocd' }],
          'the root could act as another account',
        ),
        // A missing list permits every kind.
        namespaceResourceWhitelist: because(
          [
            { group: 'argoproj.io', kind: 'Application' },
            { group: 'argoproj.io', kind: 'AppProject' },
          ],
          'the root could make what runs',
        ),
      }),
      project('default', {
        sourceRepos: because([], 'an application without a project of its own could run'),
        destinations: because([], 'an application without a project of its own could run'),
        clusterResourceWhitelist: because([], 'an application without a project could make kinds of the whole cluster'),
        namespaceResourceBlacklist: [{ group: '*', kind: '*' }],
      }),
    ],
    applications: {
      root: {
        namespace: 'argocd',
        project: 'root',
        source: {
          repoURL: oneRepository,
          targetRevision: 'main',
          path: because(argoFolder, 'Argo CD would make what is for another cluster'),
        },
        destination,
        syncPolicy: {
          automated: { enabled: true, prune: true, selfHeal: true, allowEmpty: false },
          retry: { limit: 5, backoff: { duration: '5s', factor: 2, maxDuration: '1m' }, refresh: true },
          syncOptions: ['ServerSideApply=true', 'PruneLast=true', 'FailOnSharedResource=true'],
        },
      },
    },
  };
}
