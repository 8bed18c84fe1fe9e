import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { UsageError } from '../../../src/errors.ts';
import type { Repository } from '../../../src/rehearse/cluster.ts';
import { takeManifests } from '../../../src/rehearse/manifests/changes.ts';
import { readObjects } from '../../../src/rehearse/manifests/object.ts';
import { parseOptions } from '../../../src/rehearse/options.ts';
import { changeOptions, type OwnValues } from '../../../src/rehearse/own-service.ts';
import { isOfProgram, makeSides, type Sides } from '../../../src/rehearse/play/sides.ts';
import { makeSteps } from '../../../src/rehearse/terminal.ts';
import { repository, scratch, write } from '../../repository.ts';
import { deployment, rehearsed, service } from '../manifests/sample.ts';

const inYaml = (...objects: readonly object[]): string =>
  objects.map((object) => JSON.stringify(object)).join('\n---\n');
const { spec } = deployment;
const withReplicas = (replicas: number): object => ({ ...deployment, spec: { ...spec, replicas } });
const withFields = (fields: object): object => ({
  ...deployment,
  spec: { ...spec, template: { ...spec.template, spec: { ...spec.template.spec, ...fields } } },
});

const neverAsked = async (): Promise<never> => Promise.reject(new Error('This is not asked for.'));
const anyone: Repository = {
  command: 'rehearse',
  applications: async () => 'argocd',
  drainVariable: null,
  validate: () => [],
  firstEnvironment: async () => null,
  prepare: neverAsked,
  build: neverAsked,
};

let project: ReturnType<typeof repository>;

beforeEach(() => {
  project = repository({ 'k8s/web.yaml': inYaml(service, deployment), 'server.js': 'v1', 'README.md': 'Read.' });
  project.git('checkout', '--quiet', '-b', 'change');
});

/** What is played of the change from main, for a folder of manifests whose pods run `server.js`. */
async function changed(folder = 'k8s', values: OwnValues = {}): Promise<Sides | string> {
  const options = parseOptions([path.join(project.directory, folder)]);
  if (options === null) throw new Error('These options ask for help.');
  const change = changeOptions({ base: 'main', command: ['node server.js'], ...values }, project.directory);
  if (change === null) throw new Error('No change is asked for.');
  const steps = makeSteps({ write: () => undefined, columns: () => null }, 0);
  const { signal } = new AbortController();
  const request = { repository: anyone, project: project.directory, folder: scratch(), steps, signal };
  const made = await makeSides({ ...request, options: { ...options, change }, change });
  return 'why' in made ? made.why : made;
}

async function sidesOf(folder?: string, values?: OwnValues): Promise<Sides> {
  const made = await changed(folder, values);
  if (typeof made === 'string') throw new Error(made);
  return made;
}

test('each side has the manifests and the program of its commit', async () => {
  const later = withFields({ terminationGracePeriodSeconds: 90 });
  project.commit('Change', { 'k8s/web.yaml': inYaml(service, later), 'server.js': 'v2', 'new.js': '' });

  const { before, after } = await sidesOf('k8s', { 'base-command': ['node server.js new.js'] });

  const grace = [before, after].map(
    ({ committed }) => Object(committed.deployment['spec']).template.spec.terminationGracePeriodSeconds,
  );
  expect(grace).toEqual([20, 90]);
  const programs = [before, after].map(({ program }) => program?.commands?.['']?.[1] ?? '');
  expect(programs.map((file) => readFileSync(file, 'utf8'))).toEqual(['v1', 'v2']);
  expect(programs.every((file) => !file.startsWith(project.directory))).toBe(true);
  expect(before.program?.commands?.['']?.[2]).toBe('new.js');
  expect([before.revision, after.revision]).toEqual(
    ['main', 'change'].map((name) => project.git('rev-parse', name).trim()),
  );
  expect(project.git('worktree', 'list').trim().split('\n')).toHaveLength(1);
});

test.each([
  ['documentation alone', { 'README.md': 'Read more.' }, /^Nothing rolls out: no manifest and no file of the program/],
  [
    'a default that is written out',
    { 'k8s/web.yaml': inYaml(service, withFields({ dnsPolicy: 'ClusterFirst' })) },
    /^Nothing rolls out between \w{7} and \w{7}: Deployment web: its pod template stays the same\.$/,
  ],
  [
    'the number of pods',
    { 'k8s/web.yaml': inYaml(service, withReplicas(2)) },
    /Deployment web gets another number of pods, and none is replaced\.$/,
  ],
  [
    'another workload',
    { 'other/web.yaml': inYaml(withFields({ dnsPolicy: 'Default' })) },
    /its pod template stays the/,
  ],
] as const)('%s rolls nothing', async (_what, files, sentence) => {
  project.commit('Change', files);

  expect(await changed()).toMatch(sentence);
});

test('another program rolls without other manifests, where an image is made of it', async () => {
  project.commit('Change', { 'server.js': 'v2' });

  expect(await sidesOf()).toMatchObject({ before: { isReleased: true }, after: { isReleased: true } });
  expect(await changed('k8s', { sources: ['lib/'] })).toMatch(/^Nothing rolls out: no manifest/);
});

test('what the base has not is played alone', async () => {
  project.commit('Change', { 'new/web.yaml': inYaml(service, deployment) });

  const { before, after } = await sidesOf('new');

  expect(before).toBe(after);
});

test('a side is built by a command of its own, in its copy', async () => {
  project.commit('Change', { 'server.js': 'v2' });

  const { before, after } = await sidesOf('k8s', {
    build: 'cp server.js built.js',
    'base-build': 'cp server.js old.js',
  });

  expect(existsSync(path.join(before.program?.folder ?? '', 'old.js'))).toBe(true);
  expect(readFileSync(path.join(after.program?.folder ?? '', 'built.js'), 'utf8')).toBe('v2');
});

test('a base that is no commit, and options without what they belong to, are wrong use', async () => {
  await expect(changed('k8s', { base: 'mian' })).rejects.toThrow(/--base is "mian".*main/s);
  expect(() => changeOptions({ 'base-command': ['node a.js'] }, '.')).toThrow(UsageError);
  expect(() => changeOptions({ base: 'main', 'base-build': 'make' }, '.')).toThrow('belong to --command');
  expect(() => parseOptions(['--base', 'main', '--idle-ms', '9'])).toThrow('--base and --idle-ms exclude each other');
});

test('what an image is made of is said, or is anything but manifests and documentation', () => {
  expect(['a.js', 'Dockerfile', 'go.mod'].every((file) => isOfProgram(file, undefined))).toBe(true);
  expect(
    ['k8s/a.yaml', 'docs/a.js', 'a/README.md', '.github/a', 'LICENSE'].some((file) => isOfProgram(file, undefined)),
  ).toBe(false);
  expect(isOfProgram('api/a.js', ['api'])).toBe(true);
  expect(isOfProgram('apis/a.js', ['api'])).toBe(false);
});

const rehearsedIn = (folder: string) => ({
  ...rehearsed,
  application: { ...rehearsed.application, path: folder },
});

test("the head's manifests take the place of the base's, in another folder too, and other files stay", async () => {
  const [here, there] = [scratch(), scratch()];
  write(here, { 'old/a.yaml': inYaml(service), 'old/notes.txt': '', 'argocd/x.yaml': inYaml(service) });
  write(there, { 'new/b.yaml': inYaml(deployment), 'argocd/y.yaml': inYaml(deployment) });

  await takeManifests(here, rehearsedIn('old'), { directory: there, rehearsed: rehearsedIn('new') }, 'argocd');

  const found = await Promise.all(['old', 'new', 'argocd'].map((folder) => readObjects(path.join(here, folder))));
  expect(found).toEqual([[], [deployment], [deployment]]);
  expect(existsSync(path.join(here, 'old/notes.txt'))).toBe(true);
});
