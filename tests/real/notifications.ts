import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { run, type ProcessOptions } from 'zerodrop/rehearse';
import { makeRunFolder, removeFolder, serveGit } from 'zerodrop/tests/rehearse/parts.ts';
import { serviceLink } from '../../apps/argo/application.ts';
import { notifications } from '../../cluster/argocd/notifications.ts';
import { secretNames } from '../../cluster/argocd/secrets.ts';
import { resolveGoogle } from '../../settings/google/resolve.ts';
import { cases, notified } from '../cluster/argocd/notified.ts';
import { googleOf, samples } from '../cluster/sample.ts';
import { serveGitHub, type Written } from './github.ts';

// Asks Argo CD's own notifications engine: what tests/cluster/argocd/ says of each trigger, and which commit GitHub is told of where a
// document can't be read. .ci/lab-notifications starts it.

const application = 'lab-notifications';
const repoServer = '127.0.0.1:8081';
const argoServer = ['--server', '127.0.0.1:8090', '--plaintext'];
const { signal } = new AbortController();
const takeDowns: (() => Promise<unknown>)[] = [];

try {
  await play();
  process.stdout.write('passed\n');
} finally {
  for (const takeDown of takeDowns.toReversed()) await takeDown();
}

async function play(): Promise<void> {
  const folder = await makeRunFolder();
  takeDowns.push(() => removeFolder(folder));
  const where: ProcessOptions = { directory: folder, environment: process.env, signal };
  const github = await serveGitHub();
  takeDowns.push(() => github.close());
  const engine = await openEngine(where, github.url);

  for (const [what, differs, fired] of cases) {
    const file = path.join(folder, 'case.yaml');
    await writeFile(file, stringify(notified(differs)));
    assert.deepEqual(await engine.fired(file), fired, what);
  }
  process.stdout.write(`${cases.length} Applications: the triggers fire as tests/cluster/argocd/ expects\n`);

  const { commit, source, syncByButton, syncWithoutCommit } = await unreadable(where);
  const asked = await syncByButton();
  assert.deepEqual(await engine.fired(asked), ['not-rolled-out']);
  await engine.send('not-rolled-out', asked);
  const [status, deployment] = written(github.written);
  assert.equal(status?.path, `statuses/${source}`);
  assert.equal(deployment?.body['ref'], source);
  process.stdout.write(`${commit} can't be read: its failure is reported on ${source}, from which it was released\n`);

  github.written.length = 0;
  const released = parse(await readFile(asked, 'utf8'));
  const url = 'https://staging.example.com';
  const linked = { ...released, spec: { ...released.spec, info: [{ name: serviceLink, value: url }] } };
  const rolledOut = path.join(folder, 'rolled-out.yaml');
  await writeFile(rolledOut, stringify(linked));
  await engine.send('rolled-out', rolledOut);
  const state = github.written.find((one) => /^deployments\/\d+\/statuses$/.test(one.path));
  assert.equal(state?.body['state'], 'success');
  assert.equal(state?.body['environment_url'], url);
  process.stdout.write(`a rollout is a deployment of ${String(state?.body['environment'])} at ${url}\n`);

  // As a retry with `refresh` does. GitHub answers 404 to a report without a commit.
  assert.deepEqual(await engine.fired(await syncWithoutCommit()), []);
  process.stdout.write('a sync that names no commit is not reported\n');
}

/** The status and the deployment that were written. */
function written(all: readonly Written[]): readonly (Written | undefined)[] {
  return ['statuses/', 'deployments'].map((begin) => all.find((one) => one.path.startsWith(begin)));
}

/** The rendered configuration, with GitHub on this machine. */
async function openEngine(where: ProcessOptions, url: string) {
  const values: Readonly<Record<string, unknown>> = Object(notifications(resolveGoogle(googleOf(samples.everything))));
  const triggers: Readonly<Record<string, string>> = Object(values['triggers']);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const service = { ...parse(String(Object(values['notifiers'])['service.github'])), enterpriseBaseURL: url };
  const configMap = path.join(where.directory, 'config-map.json');
  const secret = path.join(where.directory, 'secret.json');
  const context = stringify({ argocdUrl: values['argocdUrl'] });
  const data = { ...Object(values['templates']), ...triggers, context, 'service.github': stringify(service) };
  const key = privateKey.export({ type: 'pkcs1', format: 'pem' });
  await writeFile(configMap, JSON.stringify(core('ConfigMap', 'argocd-notifications-cm', { data })));
  const stringData = { 'github-privateKey': key };
  await writeFile(secret, JSON.stringify(core('Secret', secretNames.notifications, { stringData })), { mode: 0o600 });
  const ask = (...args: readonly string[]): Promise<string> =>
    run(
      where,
      'argocd',
      'admin',
      'notifications',
      ...args,
      '--config-map',
      configMap,
      '--secret',
      secret,
      '--namespace',
      'argocd',
      '--argocd-repo-server',
      repoServer,
    );
  return {
    async fired(file: string): Promise<readonly string[]> {
      const names = Object.keys(triggers).map((trigger) => trigger.replace('trigger.', ''));
      const said = await Promise.all(names.map((trigger) => ask('trigger', 'run', trigger, file)));
      for (const words of said) assert.match(words, /\s(?:true|false)\s*$/);
      return names.filter((_, n) => /\strue\s*$/.test(said[n] ?? ''));
    },
    send: (template: string, file: string) => ask('template', 'notify', template, file, '--recipient', 'github'),
  };
}

function core(kind: string, name: string, content: object): object {
  return { apiVersion: 'v1', kind, metadata: { name, namespace: 'argocd' }, ...content };
}

/** An Application whose newest commit can't be read. Argo CD begins no sync of it by itself: here are two ways to ask for one. */
async function unreadable(where: ProcessOptions) {
  const work = path.join(where.directory, 'work');
  const bare = path.join(where.directory, 'shop.git');
  const git = (...args: readonly string[]) =>
    run(where, 'git', '-C', work, '-c', 'user.name=lab', '-c', 'user.email=lab@example.com', ...args);
  await mkdir(path.join(work, 'manifests', 'staging'), { recursive: true });
  await git('init', '--quiet', '--initial-branch', 'main');
  await run(where, 'git', 'init', '--quiet', '--bare', '--initial-branch', 'main', bare);
  const served = await serveGit(bare, 'acme/shop', '127.0.0.1', process.env);
  takeDowns.push(() => served.close());
  const commit = async (text: string, message: string): Promise<string> => {
    await writeFile(path.join(work, 'manifests', 'staging', 'web.yaml'), text);
    await git('add', '--all');
    await git('commit', '--quiet', '--message', message);
    await git('push', '--quiet', bare, 'HEAD:main');
    return (await git('rev-parse', 'HEAD')).trim();
  };
  const kubectl = (...args: readonly string[]) => run(where, 'kubectl', '--namespace', 'argocd', ...args);
  const object = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' } });
  const source = await commit(object, 'Begin');
  const applied = path.join(where.directory, 'application.json');
  await writeFile(applied, JSON.stringify(applicationOf(served.url)));
  takeDowns.push(() => kubectl('delete', '--ignore-not-found', '--filename', applied));
  await kubectl('apply', '--filename', applied);
  const broken = await commit(`${object}\n---\nkind: [\n`, `Release web v2 to staging\n\nSource-Commit: ${source}`);
  /** The Application in a file, once its last operation has ended that began after another. */
  const ended = async (before: string): Promise<{ readonly file: string; readonly startedAt: string }> => {
    const file = path.join(where.directory, 'application.yaml');
    for (let looked = 0; looked < 60; looked += 1) {
      const said = await kubectl('get', 'application.argoproj.io', application, '--output', 'yaml');
      const state = Object(Object(Object(parse(said)).status).operationState);
      if (state.phase === 'Error' && state.startedAt !== before) {
        await writeFile(file, said);
        return { file, startedAt: String(state.startedAt) };
      }
      await pause(500, undefined, { signal });
    }
    throw new Error('The sync of a document that cannot be read did not end.');
  };
  let last = '';
  return {
    commit: broken,
    source,
    async syncByButton(): Promise<string> {
      await run(where, 'argocd', 'app', 'sync', application, ...argoServer, '--async');
      const { file, startedAt } = await ended(last);
      last = startedAt;
      return file;
    },
    async syncWithoutCommit(): Promise<string> {
      await pause(1_000, undefined, { signal });
      const operation = JSON.stringify({ operation: { sync: {} } });
      await kubectl('patch', 'application.argoproj.io', application, '--type', 'merge', '--patch', operation);
      return (await ended(last)).file;
    },
  };
}

function applicationOf(repoURL: string): object {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: application, namespace: 'argocd' },
    spec: {
      project: 'default',
      source: { repoURL, targetRevision: 'main', path: 'manifests/staging' },
      destination: { server: 'https://kubernetes.default.svc', namespace: 'default' },
    },
  };
}
