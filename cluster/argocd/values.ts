import type { ClusterProject } from '../compose.ts';
import { email } from '../identities.ts';
import type { JsonObject } from '../terraform-json.ts';
import { accessObjects } from './access.ts';
import { availability } from './availability.ts';
import { deployerObjects, readRules } from './deployers.ts';
import { gatewayObjects } from './gateway.ts';
import { links } from './links.ts';
import { notifications } from './notifications.ts';
import { argoCdUrl } from './public-address.ts';
import { resources } from './resources.ts';
import { secretNames } from './secrets.ts';
import { signOn } from './sign-on.ts';

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
