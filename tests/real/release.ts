import assert from 'node:assert/strict';
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { echo } from 'zerodrop/rehearse';
import { run } from 'zerodrop/rehearse';
import { type Sample, startLoad } from 'zerodrop/tests/rehearse/parts.ts';
import { projectOf } from '../../apps/project.ts';
import type { WebService } from '../../apps/workload/schema.ts';
import { loadSettings } from '../../settings/load.ts';
import type { Settings } from '../../settings/settings.ts';
import { buildImage } from './image.ts';
import { openLab } from './lab.ts';
import { perform, say, signal, takeDowns } from './play.ts';
import { labSettings, openScratch, settle } from './scratch.ts';
import { runStep, type StepEnd, stepScript } from './workflow.ts';

// What release.yaml does after a merge, by its own scripts, on a real Kubernetes with a real Argo CD: first deployment, a good
// release, one that crashes at start and is taken back. Under load from the second on, which must not lose a request.
// .ci/lab-release starts it.

const rate = Number(process.env['RATE'] ?? 20);
const registry = process.env['REGISTRY'] ?? '127.0.0.1:5000';
const reasonWithinMs = 90_000;

const service = { name: 'lab-release', image: `${registry}/lab-release` };

await perform(play);

async function play(): Promise<void> {
  const { folder, scratch, repository, clone: checkout } = await openScratch('lab-release');
  const settings = released(await loadSettings(scratch.directory), repository, false);
  const project = projectOf(settings, new Map([[service.name, { kind: 'web', ...web({}) }]]));
  const lab = await openLab(project, folder, signal);
  takeDowns.push(() => lab.strike());
  const inCheckout = (program: string, ...args: readonly string[]) => run(checkout, program, ...args);

  /** A pull request that is merged: a commit on main, which is checked out. */
  const merge = async (subject: string): Promise<string> => {
    await appendFile(path.join(scratch.directory, 'service', 'main.ts'), `// ${subject}\n`);
    await inCheckout('git', 'commit', '--quiet', '--all', '--message', subject);
    return scratch.push();
  };
  const step = async (file: string, job: string, words: string, more: NodeJS.ProcessEnv): Promise<StepEnd> => {
    // Each job begins with a checkout of main.
    await inCheckout('git', 'fetch', '--quiet', 'origin');
    await inCheckout('git', 'reset', '--quiet', '--hard', 'origin/main');
    const script = stepScript(file, job, words).replace(' --pull-request', '');
    const environment = {
      ...checkout.environment,
      KUBECONFIG: lab.kubeconfig,
      SERVICE: service.name,
      ENVIRONMENT: 'staging',
      ...more,
    };
    return runStep(script, scratch.directory, environment, (line) => say(`  ${line}`));
  };
  const publish = async (source: string, faults: object): Promise<string> =>
    publishImage(source, await buildImage(checkout, service.image, source, faults));
  const publishImage = async (source: string, image: string): Promise<string> => {
    const published = await step('release-target', 'release', 'release -- publish', { IMAGE: image, SOURCE: source });
    assert.equal(published.exitCode, 0, published.stderr);
    return published.outputs.get('commit') ?? '';
  };
  const verify = (commit: string): Promise<StepEnd> =>
    step('verify-target', 'verify', 'release -- verify', { COMMIT: commit });

  await settle(scratch, checkout, settings, web({}), 'staging');
  await scratch.push();
  await lab.follow(scratch.directory);
  say('the first release, to an environment without a url');
  const first = await verify(await publish(await merge('Begin the service'), {}));
  assert.equal(first.exitCode, 0, first.stderr);
  assert.match(first.stdout, /its endpoint was not checked, because apps\/services\/ has no url for it/);
  assert.match(await lab.tryToChange(), /may not change spec, only ask for a refresh/);

  const url = `http://127.0.0.1:${await lab.nodePort()}`;
  await settle(scratch, checkout, released(settings, repository, true), web({ url }), 'production');
  await scratch.push();
  const samples: Sample[] = [];
  const load = await startLoad({ request: echo, url, rate, onSamples: (batch) => samples.push(...batch) });
  takeDowns.push(() => load.abandon());

  say(`a good release, under ${2 * rate} requests per second`);
  const good = await merge('Improve the service');
  const goodCommit = await publish(good, {});
  const verified = await verify(goodCommit);
  assert.equal(verified.exitCode, 0, verified.stderr);
  assert.ok(verified.stdout.includes(`${url} answers as that version`), verified.stdout);
  say(verified.stdout.trimEnd());
  const promoted = await step('verify-target', 'verify', 'release -- promote', { COMMIT: goodCommit });
  assert.equal(promoted.exitCode, 0, promoted.stderr);
  assert.match(promoted.stdout, /production/);

  say('a bad release: it crashes at start');
  const bad = await merge('Break the service');
  const failed = await verify(await publish(bad, { crashAtStart: true }));
  assert.equal(failed.exitCode, 1, failed.stdout);
  assert.match(failed.stderr, /CrashLoopBackOff/);
  assert.match(failed.stderr, /Last lines of /);
  assert.match(failed.stderr, /runs again after [\d.]+ s\./);
  requireReasonInTime(failed);

  say('the bad source once more: CI must not release it again');
  assert.equal(await publish(bad, { crashAtStart: true }), '');

  say('a release whose image is not there');
  const absent = await merge('Lose the image');
  const image = `${service.image}:absent@sha256:${'0'.repeat(64)}`;
  const unpulled = await verify(await publishImage(absent, image));
  assert.equal(unpulled.exitCode, 1, unpulled.stdout);
  assert.match(unpulled.stderr, /(?:ErrImagePull|ImagePullBackOff)/);
  assert.match(unpulled.stderr, /runs again after [\d.]+ s\./);
  requireReasonInTime(unpulled);

  await load.stop();
  requireNoLoss(samples, [bad, absent]);
}

function web(staging: WebService): WebService {
  return { replicas: 3, exposure: 'node-port', collectors: [], in: { staging } };
}

function released(settings: Settings, repository: string, autoRollback: boolean): Settings {
  const environments = [
    { name: 'staging', autoRollback },
    { name: 'production', after: 'staging' },
  ];
  return labSettings(settings, { repository, services: [service], environments }, service.name);
}

function requireReasonInTime({ heard }: StepEnd): void {
  const told = heard.find(({ line }) => line.includes(' fails: '));
  assert.ok(told !== undefined && told.atMs < reasonWithinMs, 'The reason came too late.');
  say(`the reason was told after ${(told.atMs / 1_000).toFixed(1)} s`);
}

/** Checks that every request was answered, and none by a version of these commits. */
function requireNoLoss(samples: readonly Sample[], bad: readonly string[]): void {
  const lost = samples.filter(({ failure }) => failure !== null);
  const versions = new Map<string, number>();
  for (const { version } of samples) versions.set(version ?? 'none', (versions.get(version ?? 'none') ?? 0) + 1);
  say(
    `${lost.length} of ${samples.length} requests lost; ${[...versions].map(([name, n]) => `${name}: ${n}`).join(', ')}`,
  );
  assert.deepEqual(lost.slice(0, 5), []);
  const answered = [...versions.keys()].join(' ');
  assert.ok(samples.length > 0 && !bad.some((commit) => answered.includes(commit.slice(0, 12))), answered);
}
