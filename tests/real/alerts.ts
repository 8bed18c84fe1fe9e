import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stringify } from 'yaml';
import { run } from 'zerodrop/rehearse';
import { alertsOf, argoCdAlerts, labelsOf, panelsOf, rolloutEvents } from '../../cluster/alerts.ts';
import { argoCdTests, cluster, rolloutTest } from './argo-alerts.ts';
import { perform, say, signal, takeDowns } from './play.ts';

// Runs the example service well, with failures and with slow answers, records its metrics under load, and asks promtool whether each rule
// fires for what was recorded badly, and is silent for the rest. .ci/alerts builds promtool and starts it; PROMTOOL names it.

const namespace = 'web-production';
const alerts = alertsOf('web', labelsOf(namespace), { availability: 99.9, latencyMs: 500 });
const promtool = process.env['PROMTOOL'] ?? 'promtool';
/** Each record stands for a minute: a rule divides one rate by another, and both are stretched alike. */
const records = 70;
const everyMs = 300;
const perRecord = 12;

/** Runs of the service, by the variables that make it worse, with the alerts that are due after an hour. */
const runs: readonly {
  readonly name: string;
  readonly faults: Readonly<Record<string, string>>;
  readonly due: RegExp;
}[] = [
  { name: 'well', faults: {}, due: /^$/ },
  { name: 'with failures', faults: { FAULTS: 'on', FAULT_FAILURE_RATE: '0.1' }, due: /^Availability/ },
  { name: 'slowly', faults: { FAULTS: 'on', FAULT_ANSWER_DELAY_MS: '600' }, due: /^Latency/ },
];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** The samples of each series, as they were read one after the other. */
async function record(
  bundle: string,
  faults: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, number[]>> {
  const [port, managementPort] = [await freePort(), await freePort()];
  const variables = { HOST: '127.0.0.1', PORT: String(port), MANAGEMENT_PORT: String(managementPort), DRAIN_MS: '0' };
  const service = spawn(process.execPath, [bundle], {
    env: { ...process.env, ...variables, POD_NAME: 'web-1', ...faults },
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => service.once('exit', resolve));
  try {
    const ask = async (place: string, at = port): Promise<string> =>
      fetch(`http://127.0.0.1:${at}${place}`, { signal }).then((answer) => answer.text());
    for (let tries = 0; ; tries += 1) {
      const isUp = await ask('/readyz', managementPort).then(
        () => true,
        () => false,
      );
      if (isUp) break;
      if (tries > 100) throw new Error('The service does not start.');
      await pause(100, undefined, { signal });
    }
    const found = new Map<string, number[]>();
    const asked: Promise<unknown>[] = [];
    for (let index = 0; index < records; index += 1) {
      for (let count = 0; count < perRecord; count += 1) asked.push(ask('/version'));
      await pause(everyMs, undefined, { signal });
      for (const [series, value] of samplesIn(await ask('/metrics', managementPort))) {
        // A series that comes later was 0 before.
        const values = found.get(series) ?? Array.from({ length: index }, () => 0);
        found.set(series, [...values, value]);
      }
    }
    await Promise.all(asked);
    return found;
  } finally {
    service.kill('SIGKILL');
    await ended;
  }
}

function samplesIn(text: string): readonly (readonly [string, number])[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined) return [];
    const all = [labels, `namespace="${namespace}"`, 'pod="web-1"'].filter((part) => part !== '').join(',');
    return [[`${name}{${all}}`, Number(value)] as const];
  });
}

await perform(async () => {
  const work = mkdtempSync(path.join(tmpdir(), 'zerodrop-alerts-'));
  takeDowns.push(async () => rmSync(work, { recursive: true, force: true }));
  const where = { directory: work, environment: process.env, signal };
  const rules = [...alerts, ...argoCdAlerts(cluster)].map(({ name, query, severity, forSeconds }) => ({
    alert: name,
    expr: query,
    for: `${forSeconds}s`,
    labels: { severity },
  }));
  // Each picture's query is read as well: one that is none is refused here.
  const pictures = [...panelsOf(labelsOf(namespace)), ...rolloutEvents(labelsOf(namespace))].map(
    ({ query }, index) => ({
      record: `picture:${index}`,
      expr: query,
    }),
  );
  writeFileSync(
    path.join(work, 'rules.yaml'),
    stringify({ groups: [{ name: 'web', rules: [...rules, ...pictures] }] }),
  );
  say((await run(where, promtool, 'check', 'rules', 'rules.yaml')).trim().split('\n').join(' '));
  const bundle = path.join(work, 'service.cjs');
  const built = ['--version', 'v1', '--revision', '0123abc', '--out', bundle];
  await run({ ...where, directory: process.cwd() }, process.execPath, '--import', 'tsx', 'service/build.ts', ...built);
  const tests: object[] = [];
  for (const { name, faults, due } of runs) {
    const series = await record(bundle, faults);
    say(`${name}: ${series.size} series of ${records} samples are recorded`);
    tests.push({
      name,
      interval: '1m',
      input_series: [...series].map(([labels, values]) => ({ series: labels, values: values.join(' ') })),
      alert_rule_test: alerts.map((alert) => ({
        eval_time: `${records - 1}m`,
        alertname: alert.name,
        exp_alerts: due.test(alert.name) ? [{ exp_labels: { severity: alert.severity } }] : [],
      })),
    });
  }
  tests.push(...argoCdTests(), rolloutTest(namespace));
  const file = { rule_files: ['rules.yaml'], evaluation_interval: '1m', tests };
  writeFileSync(path.join(work, 'tests.yaml'), stringify(file));
  say((await run(where, promtool, 'test', 'rules', 'tests.yaml')).trim().split('\n').join(' '));
  // A rule that can't fire would pass as well: each has to fail where the opposite is expected.
  const opposite = tests.flatMap((one) =>
    'alert_rule_test' in one ? [{ ...one, alert_rule_test: opposites(one) }] : [],
  );
  writeFileSync(path.join(work, 'opposite.yaml'), stringify({ ...file, tests: opposite }));
  await assert.rejects(run(where, promtool, 'test', 'rules', 'opposite.yaml'));
  say('the opposite of each is refused');
});

function opposites(test: object): unknown {
  const { alert_rule_test: expected } = test as {
    readonly alert_rule_test: readonly { readonly exp_alerts: readonly object[]; readonly alertname: string }[];
  };
  return expected.map((one) => ({ ...one, exp_alerts: one.exp_alerts.length > 0 ? [] : [{ exp_labels: {} }] }));
}
