import { MonitoringAlertPolicy } from '@cdktf/provider-google/lib/monitoring-alert-policy/index.js';
import { MonitoringCustomService } from '@cdktf/provider-google/lib/monitoring-custom-service/index.js';
import { MonitoringDashboard } from '@cdktf/provider-google/lib/monitoring-dashboard/index.js';
import { MonitoringNotificationChannel } from '@cdktf/provider-google/lib/monitoring-notification-channel/index.js';
import { MonitoringSlo } from '@cdktf/provider-google/lib/monitoring-slo/index.js';
import { MonitoringUptimeCheckConfig } from '@cdktf/provider-google/lib/monitoring-uptime-check-config/index.js';
import type { TerraformStack } from 'cdktf';
import type { Target } from '../../apps/project.ts';
import type { Google } from '../../settings/google/resolve.ts';
import { type Alert, alertsOf, argoCdAlerts, fastPercent, labelsOf, type Objective, panelsOf } from '../alerts.ts';
import { create } from '../stack.ts';

/** A target that promises something. */
type Watched = Target & { readonly workload: { readonly slo: Objective } };

/** Whether anything is watched on a cluster: a service that promises something, or Argo CD where there is somebody to tell. */
export function isWatched(google: Google, targets: readonly Target[]): boolean {
  return google.alertEmail !== null || watchedOf(targets).length > 0;
}

/** The targets that promise something. */
function watchedOf(targets: readonly Target[]): readonly Watched[] {
  return targets.filter((target): target is Watched => 'slo' in target.workload && target.workload.slo !== undefined);
}

/**
 * Alerts about Argo CD. For each target that promises something: its objectives, alerts where they are missed, an uptime check, and a
 * dashboard.
 */
export function monitoring(stack: TerraformStack, google: Google, targets: readonly Target[]): void {
  if (!isWatched(google, targets)) return;
  const channels =
    google.alertEmail === null
      ? []
      : [
          create(MonitoringNotificationChannel, stack, 'channel_email', {
            displayName: 'Alerts',
            type: 'email',
            labels: { email_address: google.alertEmail },
          }).id,
        ];
  for (const alert of argoCdAlerts(google.name)) {
    tell(stack, 'argocd', alert, 'Look at Argo CD first: docs/how-to/look-at-a-release.md.', channels);
  }
  for (const target of watchedOf(targets)) {
    objectives(stack, google, target);
    for (const alert of alertsOf(target.name, labelsOf(target.namespace), target.workload.slo)) {
      tell(stack, target.name, alert, 'Roll back first: docs/how-to/roll-back.md.', channels);
    }
    if (target.workload.url !== undefined) uptime(stack, google, target, target.workload.url, channels);
    dashboard(stack, target);
  }
}

/** What Managed Prometheus stores the metrics of these pods under (cloud.google.com/stackdriver/docs/managed-prometheus). */
function series(metric: string, { namespace }: Target, ...more: readonly string[]): string {
  return [
    `metric.type="prometheus.googleapis.com/${metric}"`,
    'resource.type="prometheus_target"',
    `resource.label.namespace="${namespace}"`,
    ...more,
  ].join(' AND ');
}

function objectives(stack: TerraformStack, google: Google, target: Watched): void {
  const { name, workload } = target;
  const { availability, latencyMs } = workload.slo;
  const service = create(MonitoringCustomService, stack, `service_${name}`, {
    serviceId: `${google.name}-${name}`,
    displayName: name,
  });
  const objective = { service: service.serviceId, rollingPeriodDays: 28 };
  create(MonitoringSlo, stack, `availability_${name}`, {
    ...objective,
    sloId: 'availability',
    displayName: `${availability} % of requests without a failure`,
    // Percent as a share, without what a computer adds: 99.9 / 100 is 0.9990000000000001.
    goal: Number((availability / 100).toPrecision(10)),
    requestBasedSli: {
      goodTotalRatio: {
        badServiceFilter: series(
          'http_server_requests_total/counter',
          target,
          'metric.label.http_response_status_code=monitoring.regex.full_match("5..")',
        ),
        totalServiceFilter: series('http_server_requests_total/counter', target),
      },
    },
  });
  create(MonitoringSlo, stack, `latency_${name}`, {
    ...objective,
    sloId: 'latency',
    displayName: `${fastPercent} % of requests within ${latencyMs} ms`,
    goal: fastPercent / 100,
    requestBasedSli: {
      distributionCut: {
        distributionFilter: series('http_server_request_duration_seconds/histogram', target),
        range: { min: 0, max: latencyMs / 1_000 },
      },
    },
  });
}

/** Tells of what an alert finds, about a target or Argo CD. */
function tell(
  stack: TerraformStack,
  about: string,
  { name, query, severity, summary, forSeconds }: Alert,
  remedy: string,
  channels: readonly string[],
): void {
  create(MonitoringAlertPolicy, stack, `alert_${about}_${name}`, {
    displayName: `${about}: ${name}`,
    combiner: 'OR',
    severity,
    conditions: [
      {
        displayName: name,
        conditionPrometheusQueryLanguage: {
          query,
          duration: `${forSeconds}s`,
          evaluationInterval: '60s',
          // Before the first request nobody has seen the metric.
          disableMetricValidation: true,
        },
      },
    ],
    documentation: { content: `${summary} ${remedy}`, mimeType: 'text/markdown' },
    ...(channels.length > 0 && { notificationChannels: [...channels] }),
    alertStrategy: { autoClose: '1800s' },
  });
}

/** Asks from several places of the world, as clients do: certificate, load balancer and service. */
function uptime(
  stack: TerraformStack,
  google: Google,
  { name }: Target,
  url: string,
  channels: readonly string[],
): void {
  const { hostname, protocol, port } = new URL(url);
  const isSecure = protocol === 'https:';
  const check = create(MonitoringUptimeCheckConfig, stack, `uptime_${name}`, {
    displayName: `${name} answers`,
    period: '60s',
    timeout: '10s',
    httpCheck: {
      path: '/version',
      port: port === '' ? (isSecure ? 443 : 80) : Number(port),
      requestMethod: 'GET',
      useSsl: isSecure,
      validateSsl: isSecure,
    },
    monitoredResource: { type: 'uptime_url', labels: { project_id: google.project, host: hostname } },
  });
  create(MonitoringAlertPolicy, stack, `alert_${name}_Unreachable`, {
    displayName: `${name}: Unreachable`,
    combiner: 'OR',
    severity: 'CRITICAL',
    conditions: [
      {
        displayName: 'Unreachable',
        conditionThreshold: {
          filter: `metric.type="monitoring.googleapis.com/uptime_check/check_passed" AND metric.label.check_id="${check.uptimeCheckId}" AND resource.type="uptime_url"`,
          comparison: 'COMPARISON_GT',
          // More than one place fails: one alone may have lost its own way.
          thresholdValue: 1,
          duration: '60s',
          aggregations: [
            {
              alignmentPeriod: '1200s',
              perSeriesAligner: 'ALIGN_NEXT_OLDER',
              crossSeriesReducer: 'REDUCE_COUNT_FALSE',
              groupByFields: ['resource.label.host'],
            },
          ],
          trigger: { count: 1 },
        },
      },
    ],
    documentation: { content: `${name} does not answer at ${url}.`, mimeType: 'text/markdown' },
    ...(channels.length > 0 && { notificationChannels: [...channels] }),
    alertStrategy: { autoClose: '1800s' },
  });
}

function dashboard(stack: TerraformStack, { name, namespace }: Watched): void {
  const tiles = panelsOf(labelsOf(namespace)).map(({ title, query }, index) => ({
    // Google leaves a 0 out when it answers, which each plan would take for a change.
    ...(index % 2 > 0 && { xPos: 24 }),
    ...(index > 1 && { yPos: Math.floor(index / 2) * 16 }),
    width: 24,
    height: 16,
    widget: {
      title,
      xyChart: { dataSets: [{ plotType: 'LINE', timeSeriesQuery: { prometheusQuery: query } }] },
    },
  }));
  create(MonitoringDashboard, stack, `dashboard_${name}`, {
    dashboardJson: JSON.stringify({
      displayName: name,
      mosaicLayout: { columns: 48, tiles },
      // A mark in every picture where a Deployment of the project rolls out (Dashboards API, EventAnnotation).
      annotations: {
        eventAnnotations: [{ displayName: 'Rollouts', eventType: 'GKE_WORKLOAD_DEPLOYMENT', enabled: true }],
      },
    }),
  });
}
