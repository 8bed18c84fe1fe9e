import { Rule, type Shape, type ShapeObject, count, mapOf, optional, text } from '../shape.ts';
import type { Owner } from './owner.ts';

function entries(prefix: string, shape: (target: string) => Shape): Rule {
  return optional(mapOf(new RegExp(`^${prefix}_[a-z][a-z0-9-]*$`), (id) => shape(id.slice(prefix.length + 1))));
}

/** A share of requests or a number of seconds, which the settings decide. */
const number = new Rule((value, path) =>
  typeof value === 'number' && value > 0
    ? []
    : [{ path, says: `is ${JSON.stringify(value) ?? 'missing'}, expected a number above 0` }],
);

const channels = optional(['${google_monitoring_notification_channel.channel_email.id}']);

function policy(name: string, severity: RegExp, condition: ShapeObject): ShapeObject {
  return {
    display_name: text,
    combiner: 'OR',
    severity,
    conditions: [{ display_name: name, ...condition }],
    documentation: { content: text, mime_type: 'text/markdown' },
    notification_channels: channels,
    alert_strategy: { auto_close: '1800s' },
  };
}

function alert(id: string): Shape {
  const [, target = '', name = ''] = id.split('_');
  if (name !== 'Unreachable') {
    return policy(name, /^(?:CRITICAL|WARNING)$/, {
      condition_prometheus_query_language: {
        query: text,
        duration: /^(?:0|900)s$/,
        evaluation_interval: '60s',
        disable_metric_validation: true,
      },
    });
  }
  return policy(name, /^CRITICAL$/, {
    condition_threshold: {
      filter: `metric.type="monitoring.googleapis.com/uptime_check/check_passed" AND metric.label.check_id="\${google_monitoring_uptime_check_config.uptime_${target}.uptime_check_id}" AND resource.type="uptime_url"`,
      comparison: 'COMPARISON_GT',
      threshold_value: 1,
      duration: '60s',
      aggregations: [
        {
          alignment_period: '1200s',
          per_series_aligner: 'ALIGN_NEXT_OLDER',
          cross_series_reducer: 'REDUCE_COUNT_FALSE',
          group_by_fields: ['resource.label.host'],
        },
      ],
      trigger: { count: 1 },
    },
  });
}

function objective(target: string, id: string, sli: ShapeObject): ShapeObject {
  return {
    service: `\${google_monitoring_custom_service.service_${target}.service_id}`,
    rolling_period_days: 28,
    slo_id: id,
    display_name: text,
    goal: number,
    request_based_sli: sli,
  };
}

/** What watches the services that promise something. */
export function monitoringShapes({ name, project }: Owner): ShapeObject {
  return {
    google_monitoring_custom_service: entries('service', (target) => ({
      service_id: `${name}-${target}`,
      display_name: target,
    })),
    google_monitoring_slo: optional(
      mapOf(/^(?:availability|latency)_[a-z][a-z0-9-]*$/, (id) => {
        const [kind = '', target = ''] = id.split('_');
        return kind === 'availability'
          ? objective(target, kind, {
              good_total_ratio: { bad_service_filter: text, total_service_filter: text },
            })
          : objective(target, kind, {
              distribution_cut: { distribution_filter: text, range: { min: 0, max: number } },
            });
      }),
    ),
    google_monitoring_alert_policy: optional(mapOf(/^alert_[a-z][a-z0-9-]*_[A-Z][A-Za-z]+$/, alert)),
    google_monitoring_uptime_check_config: entries('uptime', () => ({
      display_name: text,
      period: '60s',
      timeout: '10s',
      http_check: {
        path: '/version',
        port: count,
        request_method: 'GET',
        use_ssl: optional(true),
        validate_ssl: optional(true),
      },
      monitored_resource: { type: 'uptime_url', labels: { project_id: project, host: text } },
    })),
    google_monitoring_dashboard: entries('dashboard', () => ({ dashboard_json: text })),
    google_monitoring_notification_channel: optional(
      mapOf(/^channel_email$/, () => ({ display_name: 'Alerts', type: 'email', labels: { email_address: text } })),
    ),
  };
}

/** Which metrics of Argo CD's controller are collected, as an item of the chart argocd-apps. */
export const controllerMonitoring: ShapeObject = {
  items: [{ name: 'argocd-application-controller' }],
  template: {
    apiVersion: 'monitoring.googleapis.com/v1',
    kind: 'PodMonitoring',
    metadata: { name: 'argocd-application-controller', namespace: 'argocd' },
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
  },
};
