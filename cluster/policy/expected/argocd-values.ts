import type { Json, JsonObject } from '../../terraform-json.ts';
import { at, textAt } from '../../terraform-json.ts';
import type { ShapeObject } from '../shape.ts';
import { because, given, yaml } from '../shape.ts';
import { expectedObjects } from './access.ts';
import { readsAlone } from './deployers.ts';
import { expectedNotifications } from './notifications.ts';
import type { Owner } from './owner.ts';
import { expectedSignOn } from './sign-on.ts';

const resources = {
  requests: { cpu: /^\d+m$/, memory: /^\d+Mi$/ },
  limits: { memory: /^\d+[MG]i$/ },
};

const onlyArgoCd = 'other pods than Argo CD’s could reach its Redis';

function configuration(owner: Owner, values: JsonObject, url: string): ShapeObject {
  const { cm, rbac } = expectedSignOn(values);
  const domain = owner.domain !== '';
  return {
    cm: {
      url,
      'application.resourceTrackingMethod': because('annotation', 'labels decide what Argo CD deletes'),
      'exec.enabled': because('false', 'a terminal in a pod could be opened'),
      'users.anonymous.enabled': because('false', 'everybody could look'),
      'application.sync.impersonation.enabled': because('true', 'a sync could do all that the controller may'),
      'resource.respectRBAC': 'normal',
      ...cm,
      'resource.links': yaml([{ title: /./, url: /^http:\/\//, if: /./, 'icon.class': /./ }]),
    },
    params: {
      'controller.diff.server.side': 'true',
      ...given(domain, { 'server.insecure': 'true' }),
    },
    rbac,
    secret: given(domain, { extra: { 'webhook.github.secret': '$argocd-webhook:secret' } }),
  };
}

/** The namespaces that are rolled out into. Those of Kubernetes and of Argo CD are not among them. */
function namespacesIn(values: JsonObject): string[] {
  const objects = values['extraObjects'];
  const listed: readonly Json[] = Array.isArray(objects) ? objects : [];
  return listed
    .filter((object) => textAt(object, 'kind') === 'Namespace')
    .map((object) => textAt(object, 'metadata.name'))
    .filter((name) => /^(?!kube-|gke-|gmp-|argocd$|default$)[a-z0-9-]+$/.test(name));
}

/**
 * The values of the chart argo-cd. Rendered with those of the network, the chart makes a NetworkPolicy for each part, and
 * one that denies the rest: cluster/argocd/rendered.json is what was seen.
 */
export function expectedValues(owner: Owner, values: JsonObject): ShapeObject {
  const url = `https://${owner.domain === '' ? 'localhost:8080' : owner.domain}`;
  const twice = given(at(values, 'server.replicas') !== undefined, {
    replicas: 2,
    pdb: { enabled: true, maxUnavailable: 1 },
  });
  return {
    global: {
      ...given(owner.domain !== '', { domain: owner.domain }),
      networkPolicy: because({ create: true, defaultDenyIngress: true }, onlyArgoCd),
    },
    configs: configuration(owner, values, url),
    controller: { replicas: 1, resources, clusterRoleRules: readsAlone },
    server: {
      ...twice,
      resources,
      clusterRoleRules: readsAlone,
      service: because({ type: 'ClusterIP' }, 'Argo CD would be public'),
    },
    repoServer: { ...twice, resources },
    redis: because({ resources }, onlyArgoCd),
    'redis-ha': because({ enabled: false }, onlyArgoCd),
    dex: { enabled: at(values, 'dex.enabled') === true, resources },
    applicationSet: because({ replicas: 0 }, 'a program could make applications'),
    notifications: { ...expectedNotifications(values, url), resources },
    extraObjects: expectedObjects(owner, namespacesIn(values)),
  };
}
