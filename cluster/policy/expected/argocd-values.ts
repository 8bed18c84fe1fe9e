import type { Json, JsonObject } from '../../terraform-json.ts';
import { at, textAt } from '../../terraform-json.ts';
import type { ShapeObject } from '../shape.ts';
import { because, mapOf, optional, text } from '../shape.ts';
import { expectedObjects } from './access.ts';
import { readsAlone } from './deployers.ts';
import type { Owner } from './owner.ts';

// Of some lines, and with the templates of Argo CD in it.
const prose = /./;
const resources = {
  requests: { cpu: /^\d+m$/, memory: /^\d+Mi$/ },
  limits: { memory: /^\d+[MG]i$/ },
};
const twice = {
  replicas: optional(2),
  pdb: optional({ enabled: true, maxUnavailable: 1 }),
};

const onlyArgoCd = 'other pods than Argo CD’s could reach its Redis';

function configuration(signOn: boolean, domain: boolean): ShapeObject {
  return {
    cm: {
      url: /^https:\/\/\S+$/,
      'application.resourceTrackingMethod': because('annotation', 'labels decide what Argo CD deletes'),
      'exec.enabled': because('false', 'a terminal in a pod could be opened'),
      'users.anonymous.enabled': because('false', 'everybody could look'),
      'application.sync.impersonation.enabled': because('true', 'a sync could do all that the controller may'),
      'resource.respectRBAC': 'normal',
      'admin.enabled': because(signOn ? 'false' : 'true', 'the admin’s password opens everything, or nobody gets in'),
      ...(signOn ? { 'dex.config': /^connectors:\n {2}- type: github\n[^]*\n {4,}orgs:\n/ } : {}),
      'application.links': optional(prose),
      'resource.links': optional(prose),
    },
    params: {
      'controller.diff.server.side': 'true',
      ...(domain ? { 'server.insecure': 'true' } : {}),
    },
    rbac: because(
      signOn
        ? {
            'policy.default': 'role:readonly',
            'policy.csv': /^g, [\w-]+:[\w-]+, role:admin\n$/,
            scopes: '[groups]',
          }
        : { 'policy.default': '' },
      'others than the team of the settings could change what runs',
    ),
    secret: domain ? { extra: { 'webhook.github.secret': '$argocd-webhook:secret' } } : {},
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
  const domain = at(values, 'global.domain') !== undefined;
  const signOn = at(values, 'dex.enabled') === true;
  return {
    global: {
      ...(domain ? { domain: text } : {}),
      networkPolicy: because({ create: true, defaultDenyIngress: true }, onlyArgoCd),
    },
    configs: configuration(signOn, domain),
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
    dex: { enabled: signOn, resources },
    applicationSet: because({ replicas: 0 }, 'a program could make applications'),
    notifications: {
      enabled: at(values, 'notifications.enabled') === true,
      resources,
      argocdUrl: optional(/^https:\/\/\S+$/),
      secret: optional({ create: false, name: 'argocd-notifications-secret' }),
      notifiers: optional({ 'service.github': /^appID: \d+\ninstallationID: \d+\nprivateKey: \$github-privateKey\n$/ }),
      subscriptions: optional([
        {
          recipients: ['github'],
          selector: '!zerodrop/rehearsal',
          triggers: ['rolling-out', 'rolled-out', 'not-rolled-out'],
        },
      ]),
      templates: optional(mapOf(/^template\.[\w-]+$/, () => prose)),
      triggers: optional(mapOf(/^trigger\.[\w-]+$/, () => prose)),
    },
    extraObjects: expectedObjects(owner, domain, namespacesIn(values)),
  };
}
