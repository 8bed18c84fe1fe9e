import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
// node --conditions=zerodrop-source --import tsx tests/real/reading.ts
// Asks a real Argo CD how it reads the folders of packages/zerodrop/tests/guard/argo/reading/cases.json, and writes what it reads, what
// it takes for hooks and waves to argo-cd.json beside them. A test of the guard holds its own reading against that.
import { field, listField } from './field.ts';
import { perform, say, signal, takeDowns } from './play.ts';
import { serveRepository } from './repository.ts';
import { openCluster } from './rules/cluster.ts';
import type { Manifest } from './rules/manifest.ts';
import { versionsOf } from './rules/versions.ts';

interface Case {
  readonly name: string;
  readonly directory?: object;
  readonly files: Readonly<Record<string, string>>;
  /** Symbolic links, and where each leads from its own folder. */
  readonly links?: Readonly<Record<string, string>>;
}

const folder = path.resolve('packages/zerodrop/tests/guard/argo/reading');
const server = process.env['ARGOCD_API'] ?? 'http://127.0.0.1:8090';
const cases = JSON.parse(readFileSync(path.join(folder, 'cases.json'), 'utf8')) as readonly Case[];
const nameOf = (index: number): string => `guard-reading-${index}`;

await perform(async () => {
  const work = mkdtempSync(path.join(tmpdir(), 'zerodrop-reading-'));
  takeDowns.push(async () => rmSync(work, { recursive: true, force: true }));
  const served = await serveRepository(work, 'reading', signal);
  takeDowns.push(async () => served.close());
  const push = async (): Promise<string> => {
    cases.forEach((one, index) => {
      const place = path.join(served.directory, 'cases', String(index));
      rmSync(place, { recursive: true, force: true });
      for (const [file, text] of Object.entries(one.files)) {
        mkdirSync(path.dirname(path.join(place, file)), { recursive: true });
        writeFileSync(path.join(place, file), text);
      }
      for (const [link, target] of Object.entries(one.links ?? {})) symlinkSync(target, path.join(place, link));
    });
    return served.push();
  };
  const cluster = await openCluster();
  takeDowns.push(async () => cluster.close());
  const first = await push();
  takeDowns.push(async () => {
    for (const index of cases.keys())
      for (const one of argoObjects(index, {}, '').toReversed()) {
        // A hook of the phase PostDelete gives its Application a finalizer, which waits for what is removed with it.
        if (one.kind === 'Application') await cluster.merge(one, { metadata: { finalizers: null } });
        await cluster.remove(one);
      }
  });
  for (const [index, { directory }] of cases.entries()) {
    for (const one of argoObjects(index, directory, served.url)) await cluster.apply(one);
  }
  const application = async (index: number): Promise<unknown> => {
    const [, , one] = argoObjects(index, {}, '');
    return one === undefined ? null : (await cluster.get(one)).body;
  };
  const settled = async (index: number, revision: string): Promise<unknown> => {
    const until = Date.now() + 60_000;
    for (;;) {
      const seen = await application(index);
      const isRead = field(seen, 'status', 'sync', 'revision') === revision;
      const phase = field(seen, 'status', 'operationState', 'phase');
      const isSynced = field(seen, 'status', 'sync', 'status') === 'Synced' && phase !== 'Running';
      const isRefused = listField(seen, 'status', 'conditions').some((one) => field(one, 'type') === 'ComparisonError');
      if ((isRead && isSynced) || isRefused || phase === 'Failed' || Date.now() > until) return seen;
      await pause(500, undefined, { signal });
    }
  };
  const table: Record<string, object> = {};
  for (const [index, one] of cases.entries()) {
    const seen = await settled(index, first);
    table[one.name] = { ...(await manifests(nameOf(index), first)), ...marks(seen) };
  }
  say(`${cases.length} folders are read`);
  const versions = await versionsOf(cluster);
  writeFileSync(
    path.join(folder, 'argo-cd.json'),
    `${JSON.stringify({ argoCd: versions.argoCd, cases: table }, null, 2)}\n`,
  );
});

/** The namespace, the project and the Application of a case. */
function argoObjects(index: number, directory: object | undefined, repository: string): readonly Manifest[] {
  const name = nameOf(index);
  const argo = { apiVersion: 'argoproj.io/v1alpha1', metadata: { name, namespace: 'argocd' } };
  const destination = { server: 'https://kubernetes.default.svc', namespace: name };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
    { ...argo, kind: 'AppProject', spec: { sourceRepos: [repository], destinations: [destination] } },
    {
      ...argo,
      kind: 'Application',
      spec: {
        project: name,
        destination,
        source: {
          repoURL: repository,
          targetRevision: 'main',
          path: `cases/${index}`,
          ...(directory && { directory }),
        },
        syncPolicy: { automated: { prune: true }, retry: { limit: 0 } },
      },
    },
  ];
}

/** What Argo CD reads in a folder, or why it reads nothing. */
async function manifests(name: string, revision: string): Promise<object> {
  const answer = await fetch(`${server}/api/v1/applications/${name}/manifests?revision=${revision}`, {
    signal: AbortSignal.timeout(30_000),
  });
  const body: unknown = await answer.json();
  if (!answer.ok) return { error: String(field(body, 'message')).replaceAll(/\s+/g, ' ').slice(0, 300) };
  const objects = listField(body, 'manifests').map((text): unknown => JSON.parse(String(text)));
  const read = objects.map((object) => `${String(field(object, 'kind'))}/${String(field(object, 'metadata', 'name'))}`);
  return { read: read.toSorted() };
}

/** Which objects are hooks, of which phases, and in which waves objects are, where they are not in wave 0. */
function marks(application: unknown): object {
  const results = listField(application, 'status', 'operationState', 'syncResult', 'resources');
  const hooks: Record<string, string[]> = {};
  for (const result of results) {
    const type = field(result, 'hookType');
    if (typeof type === 'string' && type !== '') (hooks[String(field(result, 'name'))] ??= []).push(type);
  }
  const resources = listField(application, 'status', 'resources');
  const waves = resources.map(
    (resource) => [String(field(resource, 'name')), field(resource, 'syncWave') ?? 0] as const,
  );
  return {
    hooks,
    ordinary: resources
      .filter((resource) => field(resource, 'hook') !== true)
      .map((resource) => String(field(resource, 'name')))
      .toSorted(),
    waves: Object.fromEntries(waves.filter(([, wave]) => wave !== 0)),
  };
}
