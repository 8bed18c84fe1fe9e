import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { parse, parseAllDocuments } from 'yaml';
import { UsageError } from 'zerodrop/errors';
import { argoNamespace } from '../../apps/argo/application.ts';
import { projectOf } from '../../apps/project.ts';
import type { GoogleSettings } from '../../settings/google.ts';
import { runCommand } from '../../settings/load.ts';
import { type Settings, firstOf } from '../../settings/settings.ts';
import { clustersOf } from '../cluster-project.ts';
import { type Json, type JsonObject, at, isObject, textAt } from '../terraform-json.ts';
import { argoCdValues } from './values.ts';

const execute = promisify(execFile);

const singleSignOn = { organisation: 'example', adminTeam: 'platform', clientId: 'Iv1.0123456789abcdef' };
const base = { project: 'example-project', region: 'asia-southeast2' };
const app = { id: '33', installationId: '44' };

/** Each size as it comes, and one with every choice made. */
const renderings: Readonly<Record<string, GoogleSettings>> = {
  production: base,
  demo: { ...base, size: 'demo' },
  everything: {
    ...base,
    github: { ownerId: '11', repositoryId: '22', app },
    argocd: { domain: 'argocd.example.com', singleSignOn },
  },
};

const settings: Omit<Settings, 'clusters'> = {
  repository: 'https://github.com/example/zerodrop',
  services: [{ name: 'web', image: 'asia-southeast2-docker.pkg.dev/example-project/zerodrop/web' }],
  environments: [{ name: 'production' }],
};
const web = { kind: 'web', replicas: 3, exposure: 'load-balancer' };

const workloads = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob']);

function title(object: JsonObject): string {
  return `${textAt(object, 'apiVersion')} ${textAt(object, 'kind')} ${textAt(object, 'metadata.name')}`;
}

/** Who reaches the pods of a workload, by the NetworkPolicies that select them: a sentence for each rule. */
function reached(workload: JsonObject, policies: readonly JsonObject[]): string[] {
  const labels = at(workload, 'spec.template.metadata.labels');
  const selecting = policies.filter((policy) => selects(at(policy, 'spec.podSelector'), labels));
  if (selecting.length === 0) return ['by everybody: no policy selects it'];
  return [...new Set(selecting.flatMap((policy) => listAt(policy, 'spec.ingress').map(sayRule)))].toSorted();
}

function selects(selector: Json | undefined, labels: Json | undefined): boolean {
  const wanted = at(selector, 'matchLabels');
  return Object.entries(isObject(wanted) ? wanted : {}).every(
    ([key, value]) => isObject(labels) && labels[key] === value,
  );
}

function sayRule(rule: Json): string {
  const ports = listAt(rule, 'ports').map((port) => String(at(port, 'port')));
  const peers = listAt(rule, 'from').map((peer) => {
    const pods = at(peer, 'podSelector.matchLabels');
    if (isObject(pods) && at(peer, 'namespaceSelector') === undefined) return String(pods['app.kubernetes.io/name']);
    return 'every namespace';
  });
  const from = peers.length === 0 ? 'everybody' : peers.toSorted().join(', ');
  return `by ${from} at ${ports.length === 0 ? 'every port' : ports.join(', ')}`;
}

function listAt(value: Json, path: string): readonly Json[] {
  const found = at(value, path);
  return Array.isArray(found) ? found : [];
}

async function render(chart: string, google: GoogleSettings): Promise<JsonObject> {
  const project = projectOf({ ...settings, clusters: [{ name: 'main', google }] }, new Map([['web', web]]));
  const values = argoCdValues(firstOf(clustersOf(project)));
  const args = ['template', 'argocd', chart, '--namespace', argoNamespace, '--kube-version', '1.35.0', '--values', '-'];
  const child = execute('helm', args, { maxBuffer: 64 * 1024 * 1024 });
  child.child.stdin?.end(JSON.stringify(values));
  const { stdout } = await child;
  const objects = parseAllDocuments(stdout)
    .map((document): Json => document.toJS())
    .filter(isObject);
  const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');
  return {
    values: {
      global: at(values, 'global.networkPolicy') ?? null,
      'redis-ha': values['redis-ha'] ?? null,
      redis: values['redis'] ?? null,
    },
    objects: objects.map(title).toSorted(),
    reached: Object.fromEntries(
      objects
        .filter(({ kind }) => workloads.has(String(kind)))
        .map((workload) => [textAt(workload, 'metadata.name'), reached(workload, policies)]),
    ),
  };
}

await runCommand(async () => {
  const { values } = parseArgs({ options: { chart: { type: 'string' } } });
  if (values.chart === undefined) {
    throw new UsageError(
      'Usage: node --import tsx cluster/argocd/rendered.ts --chart FOLDER, the unpacked chart argo-cd at the version of cluster/versions.ts, with its dependencies; helm has to be on PATH.',
    );
  }
  const about: Json = parse(await readFile(join(values.chart, 'Chart.yaml'), 'utf8'));
  const seen: Record<string, Json> = { chart: `argo-cd ${textAt(about, 'version')}` };
  for (const [name, google] of Object.entries(renderings)) seen[name] = await render(values.chart, google);
  await writeFile(join(import.meta.dirname, 'rendered.json'), `${JSON.stringify(seen, null, 2)}\n`);
  process.stdout.write(`cluster/argocd/rendered.json: what ${String(seen['chart'])} makes of the values\n`);
  return 0;
});
