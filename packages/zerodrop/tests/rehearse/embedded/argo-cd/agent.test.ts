import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Agent, startAgent } from '../../../../src/rehearse/embedded/argo-cd/agent.ts';
import { healthy } from '../../../../src/rehearse/embedded/argo-cd/compare.ts';
import { makeSeen } from '../seen.ts';
import { deployment, makeTinyRepository, service, serviceAccount, type TinyRepository } from '../tiny-repository.ts';
import { makeMemory } from './memory.ts';

const file = 'manifests/staging/tiny.yaml';
const memory = makeMemory();
const ending = new AbortController();
let repository: TinyRepository;
let agent: Agent;
let seen = makeSeen();

beforeAll(async () => {
  repository = makeTinyRepository();
  const checkoutDirectory = path.join(repository.folder, 'checkout.git');
  agent = await startAgent(
    {
      remote: repository.remote,
      isAway: () => false,
      applications: 'argocd',
      checkoutDirectory,
      objects: memory,
      healthOf: async () => healthy,
      validate: ({ kind, spec }) => (kind === 'Service' && spec === undefined ? ['spec is missing'] : []),
      signal: ending.signal,
    },
    {
      status: (_, status) => seen.observe({ kind: 'application', ...status, at: 0 }),
      wanted: () => undefined,
      failed: (message) => seen.observe({ kind: 'warning', object: 'argocd', reason: 'Failed', message, at: 0 }),
    },
  );
});

beforeEach(() => {
  seen = makeSeen();
  memory.did.length = 0;
});

afterAll(() => {
  ending.abort(new Error('over'));
  repository.dispose();
});

/** Pushes these objects and has the agent look. */
function push(...objects: readonly object[]): string {
  repository.write(file, ...objects);
  const commit = repository.push();
  agent.refresh();
  return commit;
}

/** Waits until a commit is synced, and nothing is going on any more. */
async function synced(commit: string): Promise<void> {
  await seen.until(
    'application',
    ({ revision, sync, pending }) => revision === commit && sync === 'Synced' && !pending,
  );
}

/** The statuses since the last call, in short. */
function statuses(): string[] {
  const told = seen.all.flatMap((one) => (one.kind === 'application' ? [one] : []));
  return told.map(({ sync, phase, pending, revision, phaseRevision }) =>
    [sync, pending ? 'pending' : '', phase ?? 'never', revision === phaseRevision ? 'of this' : 'of another'].join(' '),
  );
}

test('brings what git has, in the order of events of a real Argo CD', async () => {
  const commit = push(service, serviceAccount('tiny'));
  await synced(commit);
  expect(memory.did).toEqual(['create Namespace', 'create ServiceAccount', 'create Service']);
  expect(statuses()).toEqual([
    'OutOfSync pending never of another',
    'OutOfSync pending Running of this',
    'OutOfSync  Succeeded of this',
    'Synced  Succeeded of this',
  ]);
});

test('moves on without an operation where a commit changes no manifest', async () => {
  repository.writeText('README.md', 'words');
  const commit = push(service, serviceAccount('tiny'));
  await synced(commit);
  expect(seen.last('application')).toMatchObject({
    phase: 'Succeeded',
    phaseRevision: expect.not.stringContaining(commit),
  });
});

test('heals what was changed by hand, and leaves alone what was added', async () => {
  const [identity, live] = [...memory.live].find(([, { kind }]) => kind === 'Service') ?? [];
  if (identity === undefined || live === undefined) throw new Error('no Service');
  const metadata = { ...live.metadata, annotations: { theirs: '1' } };
  memory.live.set(identity, { ...live, metadata, spec: { ...service.spec, type: 'NodePort' } });
  agent.compare();
  await expect.poll(() => memory.live.get(identity)).toMatchObject({ spec: { type: 'LoadBalancer' }, metadata });
});

test('prunes what left git', async () => {
  await synced(push(service));
  expect(memory.did).toEqual(['remove ServiceAccount']);
});

test.each<[string, (written: TinyRepository) => void, RegExp]>([
  ['broken YAML', (written) => written.writeText(file, 'kind: [1'), /manifests\/staging\/tiny\.yaml is not YAML/],
  [
    'a document without kind',
    (written) => written.write(file, { metadata: { name: 'tiny' } }),
    /tiny\.yaml has no apiVersion/,
  ],
  ['a wrong field', (written) => written.write(file, { ...service, spec: undefined }), /spec is missing/],
  ['a second definition', (written) => written.write(file, service, service), /defines Service\/tiny a second time/],
])('touches nothing where it finds %s', async (_, damage, words) => {
  damage(repository);
  const commit = repository.push();
  agent.refresh();
  const { conditions, sync, health, phase } = await seen.until('application', ({ revision }) => revision === commit);
  expect({ sync, health, phase }).toEqual({ sync: 'Unknown', health: 'Healthy', phase: 'Succeeded' });
  expect(conditions).toMatchObject([{ type: 'ComparisonError', message: expect.stringMatching(words) }]);
  expect(memory.did).toEqual([]);
});

test('touches nothing where the folder is gone or empty', async () => {
  repository.remove(file);
  repository.remove('manifests/staging/namespace.yaml');
  const gone = repository.push();
  agent.refresh();
  const missing = await seen.until('application', ({ revision }) => revision === gone);
  expect(missing.conditions[0]?.message).toContain('manifests/staging: app path does not exist');

  repository.writeText('manifests/staging/.gitkeep', '');
  const empty = repository.push();
  agent.refresh();
  const wiping = await seen.until('application', ({ revision }) => revision === empty);
  expect(wiping).toMatchObject({ sync: 'OutOfSync', phase: 'Succeeded' });
  expect(wiping.conditions).toEqual([
    { type: 'SyncError', message: `Skipping sync attempt to [${empty}]: auto-sync will wipe out all resources` },
  ]);
  expect(memory.did).toEqual([]);
});

test('refuses to change a selector, and recovers when it is taken back', async () => {
  repository.writeNamespace();
  await synced(push(service, deployment('tiny:1')));
  const bad = push(service, deployment('tiny:1', { selector: { matchLabels: { app: 'other' } } }));
  const { conditions } = await seen.until('application', ({ revision }) => revision === bad);
  expect(conditions).toMatchObject([
    { type: 'ComparisonError', message: expect.stringContaining('field is immutable') },
  ]);

  await synced(push(service, deployment('tiny:1')));
  expect(seen.last('application')?.conditions).toEqual([]);
});

/** Has the Application try a sync that failed again. */
function retrying(retry: object): void {
  const root = path.join(repository.directory, 'argocd/staging.yaml');
  const application = JSON.parse(readFileSync(root, 'utf8')) as { spec: { syncPolicy: object } };
  const syncPolicy = { ...application.spec.syncPolicy, retry };
  repository.write('argocd/staging.yaml', { ...application, spec: { ...application.spec, syncPolicy } });
}

const forbidden = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'tiny' } };

test('tries a sync that failed again with the newest commit, where the application says so', async () => {
  retrying({ limit: 2, backoff: { duration: '500ms' }, refresh: true });
  push(service, forbidden);
  const { message } = await seen.until('application', ({ phase }) => phase === 'Failed');
  expect(message).toContain('not permitted in project tiny. Retrying attempt #1.');

  await synced(push(service));
  expect(seen.last('application')).toMatchObject({ phase: 'Succeeded' });
});

test('tries the commit that failed again before it looks at the next one, where it does not', async () => {
  retrying({ limit: 1, backoff: { duration: '500ms' } });
  const bad = push(service, forbidden);
  await seen.until('application', ({ message }) => message?.includes('Retrying attempt #1.') === true);
  const good = push(service, serviceAccount('tiny'));
  await synced(good);
  const ended = seen.all.flatMap((one) => (one.kind === 'application' && one.phase !== 'Running' ? one : []));
  const phases = ended.map(({ phase, phaseRevision }) => `${phase} ${phaseRevision === bad ? 'bad' : 'other'}`);

  expect(phases.lastIndexOf('Failed bad')).toBeLessThan(phases.lastIndexOf('Succeeded other'));
  expect(
    ended.filter(({ message }) => message?.includes('Retrying') === false && message.includes('not permitted')),
  ).not.toEqual([]);
});

test('keeps what it follows where the root folder can not be read', async () => {
  repository.writeText('argocd/staging.yaml', 'kind: [1');
  push(service);
  const { message } = await seen.until('warning', () => true);
  expect(message).toContain('argocd/staging.yaml is not YAML');
  expect(memory.did).toEqual([]);
});
