import { expect, test } from 'vitest';
import { alertsOf, argoCdAlerts, grafanaDashboard, labelsOf, panelsOf } from '../../cluster/alerts.ts';
import { block, exposed, sample, samples, stacksFor } from './sample.ts';

const everything = stacksFor(samples.everything);
const alerts = alertsOf('web', labelsOf('web-production'), { availability: 99.9, latencyMs: 500 });

test('tells how fast a promise may be used up, in a long window and a short one', () => {
  expect(alerts.map(({ name, severity }) => [name, severity])).toEqual([
    ['AvailabilityFastBurn', 'CRITICAL'],
    ['AvailabilitySlowBurn', 'WARNING'],
    ['LatencyFastBurn', 'CRITICAL'],
    ['LatencySlowBurn', 'WARNING'],
  ]);
  const [availability, , latency] = alerts;
  const failed = '{namespace="web-production",http_response_status_code=~"5.."}';
  expect(availability?.query).toBe(
    `(sum(rate(http_server_requests_total${failed}[1h])) / sum(rate(http_server_requests_total{namespace="web-production"}[1h]))) > 0.0144` +
      ` and (sum(rate(http_server_requests_total${failed}[5m])) / sum(rate(http_server_requests_total{namespace="web-production"}[5m]))) > 0.0144`,
  );
  expect(latency?.query).toContain(
    'http_server_request_duration_seconds_bucket{namespace="web-production",le="0.5"}[1h]',
  );
  expect(latency?.query).toContain('> 0.144 and');
});

test('shows the version in each picture, so that a rollout is seen', () => {
  for (const { query } of panelsOf(labelsOf('web-production'))) expect(query).toMatch(/by \((?:le, )?version\)/);
});

test('is the same for Grafana', async () => {
  await expect(`${JSON.stringify(grafanaDashboard(), null, 2)}\n`).toMatchFileSnapshot(
    '../../docs/monitoring/grafana.json',
  );
});

test('tells of an Argo CD that does not make what git says, on each cluster by itself', () => {
  expect(argoCdAlerts('west').map(({ name, forSeconds }) => [name, forSeconds])).toEqual([
    ['ApplicationOutOfSync', 900],
    ['ApplicationUnhealthy', 900],
    ['ApplicationDrifts', 0],
    ['ArgoCdSilent', 900],
  ]);
  for (const { query } of argoCdAlerts('west')) expect(query).toContain('cluster="west"');
});

test.each([
  ['everything', samples.everything, true],
  ['a service that promises something', exposed.gateway, true],
  ['somebody to tell', sample({ alertEmail: 'oncall@example.com' }), true],
  ['neither', samples.production, false],
])('watches Argo CD where somebody is told, or a service promises something: %s', (_what, project, isWatched) => {
  const policy = 'alert_argocd_ApplicationOutOfSync';
  expect(JSON.stringify([...stacksFor(project)]).includes(policy)).toBe(isWatched);
});

test('tells somebody of Argo CD where the settings say whom', () => {
  const stacks = stacksFor(sample({ alertEmail: 'oncall@example.com' }));
  const told = block(stacks, 'platform', 'google_monitoring_alert_policy.alert_argocd_ArgoCdSilent');
  expect(told['notification_channels']).toHaveLength(1);
});

test('a picture of a dashboard has no coordinate that Google leaves out, and rollouts are marked in it', () => {
  const dashboard = block(everything, 'platform', 'google_monitoring_dashboard.dashboard_web-production');
  const json = String(dashboard['dashboard_json']);
  expect(json).not.toMatch(/"[xy]Pos":0/);
  expect(JSON.parse(json)).toMatchObject({
    annotations: { eventAnnotations: [{ eventType: 'GKE_WORKLOAD_DEPLOYMENT', enabled: true }] },
  });
});

test('makes objectives, alerts, an uptime check and a dashboard of a promise, and nothing without one', () => {
  const slo = block(everything, 'platform', 'google_monitoring_slo.availability_web-production');
  expect(slo).toMatchObject({ goal: 0.999, rolling_period_days: 28 });
  expect(block(everything, 'platform', 'google_monitoring_slo.latency_web-production')).toMatchObject({
    goal: 0.99,
    request_based_sli: { distribution_cut: { range: { min: 0, max: 0.5 } } },
  });
  const alert = block(everything, 'platform', 'google_monitoring_alert_policy.alert_web-production_LatencyFastBurn');
  expect(alert).toMatchObject({
    conditions: [{ condition_prometheus_query_language: { query: alerts[2]?.query } }],
  });
  expect(block(everything, 'platform', 'google_monitoring_uptime_check_config.uptime_web-production')).toMatchObject({
    http_check: { path: '/version', port: 443, use_ssl: true },
    monitored_resource: { labels: { host: 'www.example.com' } },
  });
  const dashboard = block(everything, 'platform', 'google_monitoring_dashboard.dashboard_web-production');
  expect(JSON.parse(String(dashboard['dashboard_json']))).toMatchObject({ displayName: 'web-production' });
  expect(JSON.stringify([...stacksFor(samples.production)])).not.toContain('google_monitoring');
});
