import { stringify } from 'yaml';
import type { Google } from '../../settings/google/resolve.ts';
import type { ClusterProject } from '../cluster-project.ts';
import { email } from '../identities.ts';
import type { JsonObject } from '../terraform-json.ts';
import { accessObjects } from './access.ts';
import { deployerObjects, readRules } from './deployers.ts';
import { argoCdUrl, gatewayObjects } from './gateway.ts';
import { notifications } from './notifications.ts';
import { secretNames } from './secrets.ts';

interface Availability {
  readonly controller: JsonObject;
  readonly server: JsonObject;
  readonly repoServer: JsonObject;
}

// A drained node takes one of two, never both.
const twice = { replicas: 2, pdb: { enabled: true, maxUnavailable: 1 } };

/**
 * Two of what people and webhooks call. The controller stays one: more of them share clusters out between them, and there
 * is one cluster. Redis stays one as well: it is a cache, which Argo CD fills again (docs/adr/0012).
 */
function availability(high: boolean): Availability {
  const each = high ? twice : {};
  return { controller: { replicas: 1 }, server: each, repoServer: each };
}

function asks(cpu: string, memory: string, limit: string): JsonObject {
  // No limit on CPU: a throttled controller syncs late, and what it leaves idle others may use.
  return { requests: { cpu, memory }, limits: { memory: limit } };
}

/**
 * What each part of Argo CD asks for. Requests are those that the chart's own values suggest; the limits on memory are
 * ours, wide enough for one repository with a few applications.
 */
const resources = {
  controller: asks('250m', '256Mi', '1Gi'),
  server: asks('50m', '64Mi', '256Mi'),
  repoServer: asks('10m', '64Mi', '512Mi'),
  redis: asks('100m', '64Mi', '256Mi'),
  dex: asks('10m', '32Mi', '128Mi'),
  notifications: asks('100m', '128Mi', '256Mi'),
} as const;

/**
 * Links in Argo CD's pages that an object has no address for before it is live: from a Service to its answer. The UI links the repository
 * and the commit by itself, and the rest is rendered (apps/argo/application.ts).
 */
export function links(): JsonObject {
  const service = {
    title: 'Version that answers',
    url: 'http://{{ (index .resource.status.loadBalancer.ingress 0).ip }}/version',
    if: 'resource.kind == "Service" && resource.spec.type == "LoadBalancer" && resource.status.loadBalancer.ingress != nil',
    'icon.class': 'fa-globe',
  };
  return { 'resource.links': stringify([service], { version: '1.1', lineWidth: 0 }) };
}

/** Who may do what: with single sign-on, people by their GitHub team and no built-in admin; without, the admin alone. */
function signOn(google: Google): { readonly cm: JsonObject; readonly rbac: JsonObject } {
  const { singleSignOn } = google.argocd;
  if (singleSignOn === null) return { cm: { 'admin.enabled': 'true' }, rbac: { 'policy.default': '' } };
  const { organisation, adminTeam, clientId } = singleSignOn;
  const connector = {
    type: 'github',
    id: 'github',
    name: 'GitHub',
    config: {
      clientID: clientId,
      clientSecret: `$${secretNames.singleSignOn}:clientSecret`,
      // Without it anyone with a GitHub account may sign in.
      orgs: [{ name: organisation }],
      teamNameField: 'slug',
    },
  };
  return {
    cm: { 'admin.enabled': 'false', 'dex.config': stringify({ connectors: [connector] }, { version: '1.1' }) },
    rbac: {
      'policy.default': 'role:readonly',
      'policy.csv': `g, ${organisation}:${adminTeam}, role:admin\n`,
      scopes: '[groups]',
    },
  };
}

function sized(component: keyof typeof resources): JsonObject {
  return { resources: resources[component] };
}

/**
 * The values of the argo-cd chart. Secrets are named in them and never held: they would stand in Terraform's state.
 *
 * Keys with dots are single keys of Argo CD's own ConfigMaps.
 */
export function argoCdValues({ targets, google }: Pick<ClusterProject, 'targets' | 'google'>): JsonObject {
  const { domain } = google.argocd;
  const access = signOn(google);
  const ha = availability(google.argocd.highAvailability);
  return {
    global: {
      ...(domain === null ? {} : { domain }),
      // Argo CD's parts are reached by each other, and its server by people. What no policy names is reached by nobody.
      networkPolicy: { create: true, defaultDenyIngress: true },
    },
    configs: {
      cm: {
        url: argoCdUrl(google),
        // An annotation marks what Argo CD owns: the label is cut at 63 characters, and other tools set it too.
        'application.resourceTrackingMethod': 'annotation',
        // A terminal in production would be a change that git does not know.
        'exec.enabled': 'false',
        'users.anonymous.enabled': 'false',
        // A sync acts as the account of its namespace; the controller itself may write nothing that runs.
        'application.sync.impersonation.enabled': 'true',
        // What it may not list, it does not look at.
        'resource.respectRBAC': 'normal',
        ...access.cm,
        ...links(),
      },
      params: {
        // Differences as the API server sees them, defaults filled in: no endless OutOfSync.
        'controller.diff.server.side': 'true',
        // Google's load balancer ends TLS; its way to the pod is encrypted by Google's network.
        ...(domain === null ? {} : { 'server.insecure': 'true' }),
      },
      rbac: access.rbac,
      // A reference that Argo CD follows: the webhook's secret itself is never in the values.
      secret: domain === null ? {} : { extra: { 'webhook.github.secret': `$${secretNames.webhook}:secret` } },
    },
    controller: { ...sized('controller'), ...ha.controller, clusterRoleRules: { enabled: true, rules: readRules } },
    server: {
      ...sized('server'),
      ...ha.server,
      clusterRoleRules: { enabled: true, rules: readRules },
      // Not public: a port-forward reaches it, or the Gateway.
      service: { type: 'ClusterIP' },
    },
    repoServer: { ...sized('repoServer'), ...ha.repoServer },
    redis: sized('redis'),
    // The chart's policy lets Argo CD's pods alone reach its own Redis. Of the other one, every pod reached all of it.
    'redis-ha': { enabled: false },
    dex: { enabled: google.argocd.singleSignOn !== null, ...sized('dex') },
    // Nothing here is an ApplicationSet: no pod that could make applications.
    applicationSet: { replicas: 0 },
    notifications: { ...notifications(google), ...sized('notifications') },
    extraObjects: [
      ...accessObjects(targets, google),
      ...deployerObjects(targets, email(google, 'verify')),
      ...gatewayObjects(google),
    ],
  };
}
