import { argoCdAlerts, labelsOf, rolloutEvents } from '../../cluster/alerts.ts';

// What promtool is asked about the alerts of Argo CD and about the marks of a rollout (alerts.ts).

/** The cluster whose metrics these are. */
export const cluster = 'zerodrop';

/** What the controller of Argo CD 3.6.1 tells of an application, with these labels besides. */
function application(name: string, sync: string, health: string): string {
  return `argocd_app_info{autosync_enabled="true",cluster="${cluster}",dest_namespace="${name}",dest_server="https://kubernetes.default.svc",health_status="${health}",name="${name}",namespace="argocd",operation="",project="web",repo="https://github.com/example/zerodrop",sync_status="${sync}"}`;
}

function syncs(name: string): string {
  return `argocd_app_sync_total{cluster="${cluster}",dest_server="https://kubernetes.default.svc",dry_run="false",name="${name}",namespace="argocd",phase="Succeeded",project="web"}`;
}

/** An hour of two applications, with the alerts that are due at its end and the application that each names. */
export function argoCdTests(): readonly object[] {
  const [web, api] = ['web-production', 'api-production'];
  const well = [{ series: application(api, 'Synced', 'Healthy'), values: '1x70' }];
  const hours: readonly {
    readonly name: string;
    readonly series: readonly { readonly series: string; readonly values: string }[];
    readonly due: Readonly<Record<string, string>>;
  }[] = [
    {
      name: 'Argo CD: well, with a release that takes its five minutes',
      series: [
        ...well,
        { series: application(web, 'Synced', 'Healthy'), values: '1x60 _x5 1x5' },
        { series: application(web, 'OutOfSync', 'Progressing'), values: '_x61 1x4' },
        { series: syncs(web), values: '3x61 4x9' },
      ],
      due: {},
    },
    {
      name: 'Argo CD: a sync that is stuck',
      series: [...well, { series: application(web, 'OutOfSync', 'Healthy'), values: '_x50 1x20' }],
      due: { ApplicationOutOfSync: web },
    },
    {
      name: 'Argo CD: a repository that it cannot read',
      series: [...well, { series: application(web, 'Unknown', 'Healthy'), values: '1x70' }],
      due: { ApplicationOutOfSync: web },
    },
    {
      name: 'Argo CD: an application that does not work',
      series: [...well, { series: application(web, 'Synced', 'Degraded'), values: '1x70' }],
      due: { ApplicationUnhealthy: web },
    },
    {
      name: 'Argo CD: an application that something else changes every four minutes',
      series: [
        ...well,
        { series: application(web, 'Synced', 'Healthy'), values: '1x70' },
        { series: syncs(web), values: '0+0.25x70' },
      ],
      due: { ApplicationDrifts: web },
    },
    {
      name: 'Argo CD: no word of it',
      series: [{ series: well[0]?.series ?? '', values: '1x40' }],
      due: { ArgoCdSilent: '' },
    },
  ];
  return hours.map(({ name, series, due }) => ({
    name,
    interval: '1m',
    input_series: series,
    alert_rule_test: argoCdAlerts(cluster).map((alert) => ({
      eval_time: '69m',
      alertname: alert.name,
      exp_alerts: Object.hasOwn(due, alert.name) ? [{ exp_labels: labelsAt(alert, due[alert.name] ?? '') }] : [],
    })),
  }));
}

/** The labels of an alert: of its rule, and the application that it is about; of one about all of them the cluster. */
function labelsAt({ severity }: { readonly severity: string }, name: string): object {
  return name === '' ? { severity, cluster } : { severity, name };
}

/** What a query says at a time: one version, or nothing. */
function at(time: string, expr: string | undefined, version: string | null): object {
  const samples = version === null ? [] : [{ labels: `{version="${version}"}`, value: 1 }];
  return { expr, eval_time: time, exp_samples: samples };
}

/** The marks of a rollout: when the second version begins, and when the first is gone. */
export function rolloutTest(namespace: string): object {
  const pod = (version: string, name: string): string =>
    `build_info{namespace="${namespace}",pod="${name}",version="${version}"}`;
  const [begins, gone] = rolloutEvents(labelsOf(namespace)).map(({ query }) => query);
  return {
    name: 'a rollout',
    interval: '1m',
    input_series: [
      { series: pod('v1', 'web-1'), values: '1x10 stale' },
      { series: pod('v2', 'web-2'), values: '_x8 1x20' },
    ],
    promql_expr_test: [
      at('5m', begins, null),
      at('8m', begins, 'v2'),
      at('9m', begins, null),
      at('10m', gone, null),
      at('11m', gone, 'v1'),
      at('12m', gone, null),
    ],
  };
}
