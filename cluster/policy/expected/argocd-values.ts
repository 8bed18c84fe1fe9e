import { parseDocument } from 'yaml';
import { type Json, type JsonObject, at, isObject, textAt } from '../../terraform-json.ts';
import { type Shape, type ShapeObject, because, given, text, yaml } from '../shape.ts';
import { expectedObjects } from './access.ts';
import { readsAlone } from './deployers.ts';
import type { Owner } from './owner.ts';

const onlyTheTeam = 'others than the team of the settings could change what runs';

/** Who gets in, and as what: members of one GitHub organisation, a team of it as admins; or the built-in admin alone. */
function expectedSignOn(values: JsonObject): { readonly cm: ShapeObject; readonly rbac: Shape } {
  if (at(values, 'dex.enabled') !== true) {
    return {
      cm: { 'admin.enabled': because('true', 'nobody gets in') },
      rbac: because({ 'policy.default': '' }, onlyTheTeam),
    };
  }
  const organisation = organisationIn(values).replaceAll('.', String.raw`\.`);
  return {
    cm: {
      'admin.enabled': because('false', 'the admin’s password opens everything'),
      'dex.config': because(yaml({ connectors: [connector] }), 'others could sign in'),
    },
    rbac: because(
      {
        'policy.default': 'role:readonly',
        'policy.csv': new RegExp(`^g, ${organisation}:[\\w.-]+, role:admin\\n$`),
        scopes: '[groups]',
      },
      onlyTheTeam,
    ),
  };
}

const connector = {
  type: 'github',
  id: 'github',
  name: 'GitHub',
  config: {
    clientID: text,
    clientSecret: '$argocd-single-sign-on:clientSecret',
    // Without it anyone with a GitHub account may sign in.
    orgs: [{ name: text }],
    teamNameField: 'slug',
  },
};

function organisationIn(values: JsonObject): string {
  const cm = at(values, 'configs.cm');
  const config = isObject(cm) ? cm['dex.config'] : undefined;
  const dex: Json = parseDocument(typeof config === 'string' ? config : '', { version: '1.1' }).toJS();
  return textAt(dex, 'connectors.config.orgs.name');
}

const reports = [
  { name: 'rolling-out', status: 'pending', deployment: 'in_progress' },
  { name: 'rolled-out', status: 'success', deployment: 'success' },
  { name: 'not-rolled-out', status: 'failure', deployment: 'failure' },
];

// Filled in by Argo CD, which knows the App's private key, and readable on GitHub.
const said = because(/^(?:(?!secrets)[^])+$/, 'a report could hold a secret');

function template({ status, deployment }: (typeof reports)[number]): Shape {
  return yaml({
    message: said,
    github: {
      revisionPath: said,
      status: { state: status, label: said, targetURL: said },
      deployment: {
        state: deployment,
        environment: said,
        environmentURL: said,
        logURL: said,
        requiredContexts: [],
        autoMerge: because(false, 'a report would merge a branch'),
      },
    },
  });
}

/** Reports on GitHub and nowhere else: three, each of what happened. */
function expectedNotifications(values: JsonObject, url: string): ShapeObject {
  const enabled = at(values, 'notifications.enabled') === true;
  const each = (prefix: string, shape: (report: (typeof reports)[number]) => Shape) =>
    Object.fromEntries(reports.map((report) => [`${prefix}.${report.name}`, shape(report)]));
  return {
    enabled,
    ...given(enabled, {
      argocdUrl: url,
      secret: { create: false, name: 'argocd-notifications-secret' },
      notifiers: { 'service.github': /^appID: \d+\ninstallationID: \d+\nprivateKey: \$github-privateKey\n$/ },
      subscriptions: [
        { recipients: ['github'], selector: '!zerodrop/rehearsal', triggers: reports.map(({ name }) => name) },
      ],
      templates: each('template', template),
      triggers: each('trigger', ({ name }) => yaml([{ when: /./, send: [name], oncePer: /./ }])),
    }),
  };
}

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
