import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from 'zerodrop/rehearse';
import { pinPath, parsePin, type TargetPath } from '../../../apps/pins.ts';
import { type Project, projectOf } from '../../../apps/project.ts';
import type { WebService } from '../../../apps/workload/schema.ts';
import { clustersOf } from '../../../cluster/cluster-project.ts';
import { imageTag } from '../../../pipeline/image/published.ts';
import { loadSettings } from '../../../settings/load.ts';
import { firstOf, type Settings } from '../../../settings/settings.ts';
import { applicationPage } from '../argo-api.ts';
import { writeAccess } from '../lab.ts';
import { say, signal, takeDowns } from '../play.ts';
import { isRolledOut, openRoot } from '../root.ts';
import { labSettings, type OpenScratch, openScratch, release, settle } from '../scratch.ts';
import { breakWorkflows, faultOf } from './broken.ts';
import { buildAndPush } from './build-image.ts';
import { type GitHubHere, gitHubHere } from './github.ts';
import { type Host, serveHost } from './host.ts';
import { makeMachine } from './machine.ts';
import { pushManifest } from './registry.ts';
import { sendTo, type Traffic } from './traffic.ts';

/** The service of the play: its name is that of its images, objects and applications. */
export const service = 'lab-flow';
const root = 'lab-flow-root';
const server = process.env['ARGOCD_API'] ?? 'http://127.0.0.1:8090';
const provider = 'projects/1/locations/global/workloadIdentityPools/lab-flow-github/providers/github';
const environments = ['staging', 'production'] as const;
export type EnvironmentName = (typeof environments)[number];

/** A repository with a service that is released to both environments, and a GitHub that has it. */
export interface Stage {
  readonly folder: string;
  readonly host: Host;
  readonly github: GitHubHere;
  /** Rolls out both environments on the lab, and sends requests to them from then on. */
  rollOut(): Promise<Readonly<Record<EnvironmentName, Traffic>>>;
  /** Takes main back to the first build in both environments, with this fault in its workflows; with none for null. */
  begin(fault: string | null): Promise<void>;
  /** Releases a new source to an environment, as a person would by hand. */
  releaseByHand(environment: EnvironmentName): Promise<void>;
  /** Makes a branch of main with one commit, which adds this to the service's program in the place of something else. Returns the commit. */
  branch(name: string, code: string, instead?: string): Promise<string>;
  /** The tag of the image that an environment runs by main. */
  pinned(environment: EnvironmentName): Promise<string>;
  /** The tag of the image of this commit. */
  tagOf(commit: string): string;
}

/**
 * Sets the stage.
 *
 * @param act the program nektos/act
 * @param clustered whether there is a cluster; without one, nothing is built for it and nothing rolls out
 */
export async function openStage(act: string, clustered: boolean): Promise<Stage> {
  const opened = await openScratch(service);
  const { folder, scratch, repository, clone } = opened;
  const host = await serveHost(
    path.dirname(scratch.remote),
    path.basename(scratch.remote),
    clone.environment,
    (branch) => execFileSync('git', ['-C', scratch.remote, 'rev-list', '--max-count=1', branch, '^main']).length > 0,
  );
  takeDowns.push(() => host.close());
  const registry = clustered ? (process.env['REGISTRY'] ?? '127.0.0.1:5000') : new URL(host.url).host;
  const settings = settingsOf(await loadSettings(scratch.directory), repository, registry);
  const git = (...args: readonly string[]): Promise<string> => run(clone, 'git', ...args);
  const settleAt = async (urls: Readonly<Record<string, string>>): Promise<void> =>
    settle(scratch, clone, settings, workload(urls), 'none');
  await settleAt({});
  // Without the project's own history: each job fetches all that there is.
  await git('checkout', '--quiet', '--orphan', 'play');
  await scratch.commit('Begin');
  await git('branch', '--quiet', '--move', '--force', 'main');
  const manifest = await readFile(path.join(scratch.directory, 'package.json'), 'utf8');
  const { version }: { version: string } = JSON.parse(manifest);
  const tagOf = (commit: string): string => imageTag(version, commit);
  const releaseHead = async (...names: readonly EnvironmentName[]): Promise<void> => {
    const source = await git('rev-parse', 'HEAD');
    const tag = `${registry}/${service}:${tagOf(source)}`;
    const args = { VERSION: tagOf(source), REVISION: source };
    const digest = clustered
      ? buildAndPush({ context: scratch.directory, dockerfile: 'Dockerfile', args, tag, folder })
      : await pushManifest(tag, args);
    for (const name of names) await release(clone, `${name}/${service}`, `${tag}@${digest}`, source);
    await git('push', '--quiet', '--force', 'origin', 'HEAD:main');
  };
  await releaseHead(...environments);
  // As GitHub has it: whoever may push does it by HTTP, and every commit can be fetched by its name.
  for (const setting of ['http.receivepack', 'uploadpack.allowAnySHA1InWant']) {
    await run({ ...clone, directory: scratch.remote }, 'git', 'config', setting, 'true');
  }
  const first = await git('rev-parse', 'HEAD');

  const project = projectOf(settings, new Map([[service, { kind: 'web', ...workload({}) }]]));
  const { google } = firstOf(clustersOf(project));
  const machine = await makeMachine(folder, {
    modules: path.resolve('node_modules'),
    provider,
    kubeconfig: clustered ? path.join(folder, 'admin.json') : null,
    cluster: { cluster: google.name, location: google.location, project: google.project },
    report: path.resolve('reports/latest'),
  });
  const branch = async (name: string, code: string, instead = ''): Promise<string> => {
    await git('fetch', '--quiet', 'origin');
    await git('checkout', '--quiet', '-B', name, 'origin/main');
    const program = path.join(scratch.directory, 'service/main.ts');
    const text = await readFile(program, 'utf8');
    await writeFile(program, `${text.replace(instead, '')}${code}\n`);
    await scratch.commit(`Change the service for ${name}`);
    await git('push', '--quiet', '--force', 'origin', name);
    return git('rev-parse', 'HEAD');
  };
  return {
    folder,
    host,
    github: gitHubHere(host, clone.environment, {
      program: act,
      folder,
      remote: scratch.remote,
      actions: machine.actions,
      environment: environmentOf(folder, machine.path),
      given: {
        GITHUB_SERVER_URL: host.url,
        GITHUB_API_URL: `${host.url}/api/v3`,
        GITHUB_REPOSITORY: host.repository,
        GITHUB_REPOSITORY_OWNER: 'example',
      },
      variables: {
        GOOGLE_WORKLOAD_IDENTITY_PROVIDER: provider,
        RELEASE_APP_CLIENT_ID: host.app.clientId,
        RELEASE_APP_SLUG: host.app.slug,
      },
      signal,
    }),
    tagOf,
    async rollOut() {
      const save = 'kubectl config view --raw --minify --flatten --output json > "$0"';
      await run(clone, 'sh', '-c', save, path.join(folder, 'admin.json'));
      return rollOut(opened, settings, project, first, settleAt);
    },
    async begin(fault) {
      await git('checkout', '--quiet', '--force', '-B', 'begin', first);
      if (fault !== null) {
        await breakWorkflows(scratch.directory, faultOf(fault));
        await scratch.commit(`Break ${fault}`);
      }
      await git('push', '--quiet', '--force', 'origin', 'HEAD:main');
      for (const [index, old] of host.pullRequests.entries()) host.pullRequests[index] = { ...old, state: 'closed' };
      host.refused.length = 0;
    },
    async releaseByHand(environment) {
      await branch('by-hand', "process.env['PLAY_BY_HAND'] ??= 'yes';");
      await releaseHead(environment);
    },
    branch,
    async pinned(environment) {
      const target: TargetPath = `${environment}/${service}`;
      await git('fetch', '--quiet', 'origin');
      const { image } = parsePin(await git('show', `origin/main:${pinPath(target)}`), pinPath(target));
      return image.replace(/@.*/, '').replace(/.*:/, '');
    },
  };
}

/** Gives both environments to Argo CD, and tells the settings where they answer. Sends requests to both from then on. */
async function rollOut(
  opened: OpenScratch,
  settings: Settings,
  project: Project,
  first: string,
  settleAt: (urls: Readonly<Record<string, string>>) => Promise<void>,
): Promise<Readonly<Record<EnvironmentName, Traffic>>> {
  const { folder, scratch } = opened;
  const kubectl = await openRoot(opened, root, settings);
  const urls: Partial<Record<string, string>> = {};
  for (const name of environments) {
    const application = `${service}-${name}`;
    await applicationPage(server, application, signal).until('rolled out', isRolledOut(first), 120_000);
    const port = ['--output', 'jsonpath={.spec.ports[0].nodePort}'];
    const found = await kubectl('get', 'service', '--namespace', application, service, ...port);
    urls[name] = `http://127.0.0.1:${found}`;
  }
  const { staging = '', production = '' } = urls;
  // Into the namespaces, which are there now.
  const access = await writeAccess(project, folder);
  takeDowns.push(() => kubectl('delete', '--ignore-not-found', '--filename', access));
  await kubectl('apply', '--filename', access);
  await settleAt({ staging, production });
  await scratch.push();
  say('both environments run the first build, and requests run from now on');
  return { staging: await sendTo(staging), production: await sendTo(production) };
}

function settingsOf(settings: Settings, repository: string, registry: string): Settings {
  const own = {
    repository,
    services: [{ name: service, image: `${registry}/${service}` }],
    environments: [
      { name: 'staging', autoRollback: true },
      { name: 'production', after: 'staging' },
    ],
  };
  return labSettings(settings, own, service);
}

function workload(urls: Readonly<Record<string, string>>): WebService {
  const own = Object.entries(urls).map(([name, url]) => [name, { url }]);
  // The lag is that of the lab's proxy, with room: each rollout waits for it. Nobody collects metrics there.
  return {
    replicas: 2,
    exposure: 'node-port',
    cpu: '10m',
    endpointLagSeconds: 2,
    collectors: [],
    in: Object.fromEntries(own),
  };
}

/** What a runner has: nothing of the user's, and no way into the cluster. */
function environmentOf(folder: string, first: string): NodeJS.ProcessEnv {
  const { PATH = '', BUILDAH_ISOLATION, LANG } = process.env;
  return {
    PATH: `${first}:${PATH}`,
    ...(BUILDAH_ISOLATION === undefined ? {} : { BUILDAH_ISOLATION }),
    ...(LANG === undefined ? {} : { LANG }),
    HOME: folder,
    // act asks its maker's server for news otherwise.
    ACT_DISABLE_VERSION_CHECK: '1',
    PLAY: path.join(folder, 'told.json'),
  };
}
