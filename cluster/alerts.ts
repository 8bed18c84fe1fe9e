/** What a service promises. */
export interface Objective {
  /** Percent of requests that are answered without a failure of the service. */
  readonly availability: number;
  /** How long 99 of 100 requests may take, in milliseconds. */
  readonly latencyMs: number;
}

/** Percent of requests that keep the promise of latency. */
export const fastPercent = 99;

/** A rule of Prometheus that tells a person. */
export interface Alert {
  /** Of letters, as Prometheus wants it. */
  readonly name: string;
  readonly query: string;
  readonly severity: 'CRITICAL' | 'WARNING';
  readonly summary: string;
  /** How long it has to hold before anybody is told. */
  readonly forSeconds: number;
}

/** The counter and the histogram of the service (service/metrics.ts). */
const counted = 'http_server_requests_total';
const timed = 'http_server_request_duration_seconds';
const failed = 'http_response_status_code=~"5.."';

/** Only what these labels select. */
function where(...labels: readonly string[]): string {
  return `{${labels.filter((label) => label !== '').join(',')}}`;
}

/** The share of requests of a window that fail, as a query. */
function failures(labels: string, window: string): string {
  return `sum(rate(${counted}${where(labels, failed)}[${window}])) / sum(rate(${counted}${where(labels)}[${window}]))`;
}

/** The share of requests of a window that take too long, as a query. */
function slowness(labels: string, window: string, latencyMs: number): string {
  const fast = `sum(rate(${timed}_bucket${where(labels, `le="${latencyMs / 1_000}"`)}[${window}]))`;
  return `1 - ${fast} / sum(rate(${timed}_count${where(labels)}[${window}]))`;
}

/**
 * How fast a promise of 28 days may be used up: at 14.4 times the rate that would just keep it, 2 % of it go in an hour, at 6 times 5 % in
 * six hours (Google, The Site Reliability Workbook, "Alerting on SLOs", table 5-2). The short window ends the alert soon after its cause.
 */
const burns = [
  { name: 'Fast', factor: 14.4, long: '1h', short: '5m', severity: 'CRITICAL' },
  { name: 'Slow', factor: 6, long: '6h', short: '30m', severity: 'WARNING' },
] as const;

/** What tells that a service breaks its promise, for the pods that the labels select. */
export function alertsOf(service: string, labels: string, { availability, latencyMs }: Objective): readonly Alert[] {
  const sides = [
    {
      name: 'Availability',
      share: (window: string) => failures(labels, window),
      // Rounded: 1 - 0.999 is not 0.001 to a computer.
      budget: Number(((100 - availability) / 100).toPrecision(10)),
      what: 'fails requests',
    },
    {
      name: 'Latency',
      share: (window: string) => slowness(labels, window, latencyMs),
      budget: (100 - fastPercent) / 100,
      what: 'answers too slowly',
    },
  ];
  return sides.flatMap(({ name, share, budget, what }) =>
    burns.map((burn) => {
      const limit = Number((burn.factor * budget).toPrecision(10));
      return {
        name: `${name}${burn.name}Burn`,
        query: `(${share(burn.long)}) > ${limit} and (${share(burn.short)}) > ${limit}`,
        severity: burn.severity,
        summary: `${service} ${what} ${burn.factor} times as fast as its promise allows.`,
        // The windows are the time that it has to hold.
        forSeconds: 0,
      };
    }),
  );
}

/** A rollout changes an application for a minute, and a retry of a failed sync waits a minute at most. */
const settledSeconds = 900;

/**
 * What tells that Argo CD does not make of one cluster what git says, from the metrics of its controller. An application that a person or a
 * program changes is put back within seconds, so it is seen by its syncs alone.
 */
export function argoCdAlerts(cluster: string): readonly Alert[] {
  const here = `cluster="${cluster}"`;
  const applications = (...labels: readonly string[]): string =>
    `max by (name) (argocd_app_info${where(here, ...labels)}) > 0`;
  const syncs = where(here, 'dry_run="false"', 'phase="Succeeded"');
  return [
    {
      name: 'ApplicationOutOfSync',
      query: applications('sync_status!="Synced"'),
      severity: 'WARNING',
      summary: 'An application has not been what git says for 15 minutes: its sync fails, hangs, or is turned off.',
      forSeconds: settledSeconds,
    },
    {
      name: 'ApplicationUnhealthy',
      query: applications('health_status=~"Degraded|Missing"'),
      severity: 'WARNING',
      summary: 'An application is as git says, and something of it has not worked for 15 minutes.',
      forSeconds: settledSeconds,
    },
    {
      name: 'ApplicationDrifts',
      query: `sum by (name) (increase(argocd_app_sync_total${syncs}[1h])) > 10`,
      severity: 'WARNING',
      summary: 'Argo CD has put an application back more than ten times in an hour: something else changes it.',
      forSeconds: 0,
    },
    {
      name: 'ArgoCdSilent',
      query: `absent(argocd_app_info${where(here)})`,
      severity: 'WARNING',
      summary:
        'Argo CD has told of no application for 15 minutes. What is merged is not rolled out; what runs goes on.',
      forSeconds: settledSeconds,
    },
  ];
}

/** A picture of a dashboard: what is drawn, by which query, and in which unit. */
export interface Panel {
  readonly title: string;
  readonly query: string;
  /** As Grafana calls it. */
  readonly unit: 's' | 'percentunit' | 'reqps' | 'short';
}

/** The four golden signals, each by the version that answered, so that a rollout is seen in all of them. */
export function panelsOf(labels: string): readonly Panel[] {
  // build_info is 1 for each pod, with the version that runs there.
  const byVersion = `* on (pod) group_left (version) build_info${where(labels)}`;
  const ofVersion = (query: string): string => `sum by (version) (${query} ${byVersion})`;
  const rate = `sum by (pod) (rate(${counted}${where(labels)}[1m]))`;
  const failing = `sum by (pod) (rate(${counted}${where(labels, failed)}[1m]))`;
  const buckets = `sum by (le, version) (sum by (le, pod) (rate(${timed}_bucket${where(labels)}[1m])) ${byVersion})`;
  return [
    { title: 'Requests per second, by version', query: ofVersion(rate), unit: 'reqps' },
    { title: 'Failures, by version', query: `${ofVersion(failing)} / ${ofVersion(rate)}`, unit: 'percentunit' },
    { title: 'Latency of 99 of 100, by version', query: `histogram_quantile(0.99, ${buckets})`, unit: 's' },
    {
      title: 'Open requests, by version',
      query: ofVersion(`http_server_active_requests${where(labels)}`),
      unit: 'short',
    },
    { title: 'Pods, by version', query: `count by (version) (build_info${where(labels)})`, unit: 'short' },
  ];
}

/** The pods of a target: its namespace has no others that say these metrics. */
export function labelsOf(namespace: string): string {
  return `namespace="${namespace}"`;
}

/** When a version begins to run, and when the last pod of it is gone: the begin and the end of a rollout. */
export function rolloutEvents(labels: string): readonly { readonly title: string; readonly query: string }[] {
  const [now, before] = ['', ' offset 1m'].map((at) => `count by (version) (build_info${where(labels)}${at})`);
  return [
    { title: 'A version begins', query: `${now} unless ${before}` },
    { title: 'A version is gone', query: `${before} unless ${now}` },
  ];
}

/** The same pictures for a Grafana of one's own, for any namespace that has these metrics. */
export function grafanaDashboard(): object {
  return {
    title: 'Services and their rollouts',
    uid: 'zerodrop-services',
    schemaVersion: 39,
    refresh: '30s',
    time: { from: 'now-1h', to: 'now' },
    annotations: {
      list: rolloutEvents(labelsOf('$namespace')).map(({ title, query }) => ({
        name: title,
        datasource: { type: 'prometheus', uid: '$source' },
        enable: true,
        expr: query,
        step: '60s',
        titleFormat: title,
        textFormat: '{{version}}',
      })),
    },
    templating: {
      list: [
        { name: 'source', type: 'datasource', query: 'prometheus' },
        {
          name: 'namespace',
          type: 'query',
          datasource: { type: 'prometheus', uid: '$source' },
          query: `label_values(${counted}, namespace)`,
        },
      ],
    },
    panels: panelsOf(labelsOf('$namespace')).map(({ title, query, unit }, index) => ({
      id: index + 1,
      type: 'timeseries',
      title,
      datasource: { type: 'prometheus', uid: '$source' },
      gridPos: { x: (index % 2) * 12, y: Math.floor(index / 2) * 8, w: 12, h: 8 },
      fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
      targets: [{ refId: 'A', expr: query, legendFormat: '{{version}}' }],
    })),
  };
}
