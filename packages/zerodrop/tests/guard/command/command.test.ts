import { symlinkSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { guardCommand } from '../../../src/guard/command.ts';
import { repository, scratch, write } from '../../repository.ts';
import { configuration, deployment, service } from '../manifests.ts';
import { edited, file, folder } from '../sample.ts';

const manifest = 'k8s/web.yaml';
const other = 'other/map.yaml';
const base = file(...folder);
const broken = base.replace('maxUnavailable: 0', 'maxUnavailable: 1');

test('judges what a branch has committed, and what its trailers and annotations allow', async () => {
  const { directory, git, commit } = repository({ [manifest]: base, [other]: configuration });
  git('switch', '--quiet', '-c', 'change');
  commit('Be bold', { [manifest]: broken });
  const judged = (...args: readonly string[]) => guardCommand(['--base', 'main', '--directory', directory, ...args]);

  const refused = await judged();
  expect(refused.exitCode).toBe(1);
  expect(refused.stdout).toContain('k8s/web.yaml:45: refused max-unavailable');
  expect(refused.stdout).toContain('^^^^^');
  expect((await judged('other')).exitCode).toBe(0);
  expect((await judged('--format', 'github')).stdout).toMatch(
    /^::error file=k8s\/web\.yaml,line=45,endLine=45,title=max-unavailable::Deployment shop\/web /,
  );

  commit('Allow it\n\nGuard-Allowed: max-unavailable Deployment/other: wrong one\nGuard-Allowed: no-rule: why', {});
  expect((await judged()).exitCode).toBe(1);
  commit('Allow it\n\nGuard-Allowed: max-unavailable Deployment/web: tried on staging', {});
  const allowed = await judged('--format', 'json');
  expect(allowed.exitCode).toBe(0);
  expect(JSON.parse(allowed.stdout)).toMatchObject({
    verdict: 'passed',
    refused: [],
    allowed: [{ rule: 'max-unavailable', because: 'tried on staging' }],
    warned: [
      { rule: 'exception-ineffective', what: expect.stringContaining('names Deployment/other, which is no object') },
      {
        rule: 'exception-ineffective',
        what: 'names no-rule, which is no rule',
        commit: expect.stringMatching(/^[0-9a-f]{7}/),
      },
    ],
    compared: { files: 2, changedFiles: 1, objects: 7, changedObjects: 1 },
  });
});

test('takes the configuration that was merged, and not the one that a change brings', async () => {
  const off = 'guard: {rules: {max-unavailable: off}}\n';
  const { directory, git, commit } = repository({ [manifest]: base, 'zerodrop.yaml': 'guard: {rules: {}}\n' });
  git('switch', '--quiet', '-c', 'change');
  commit('Be bold', { [manifest]: broken, 'zerodrop.yaml': off });
  expect((await guardCommand(['--base', 'main', '--directory', directory])).exitCode).toBe(1);
  git('switch', '--quiet', 'main');
  commit('Switch the rule off', { 'zerodrop.yaml': off });
  git('switch', '--quiet', '-c', 'other');
  commit('Be bold', { [manifest]: broken });
  expect((await guardCommand(['--base', 'main', '--directory', directory])).exitCode).toBe(0);
});

test.each([
  ['gaurd: {rules: {}}', 'gaurd is no setting. Known: guard. Did you mean guard?'],
  ['rules: {max-unavailable: off}', 'rules is no setting. Known: guard.'],
  ['guard: {rule: {}}', 'guard.rule is no setting. Known: profile, rules. Did you mean rules?'],
  [
    'guard: {rules: {max-unavalable: off}}',
    'guard.rules.max-unavalable is no rule. zerodrop guard --rules lists them. Did you mean max-unavailable?',
  ],
  ['guard: {profile: losless}', 'expected one of lossless, any. Did you mean lossless?'],
  ['guard: {rules: {max-unavailable: of}}', 'expected one of refuse, warn, off. Did you mean off?'],
  ['- guard', 'is no map'],
])('refuses the configuration %j with a sentence', async (text, sentence) => {
  const { directory } = repository({ [manifest]: base, 'zerodrop.yaml': text });
  await expect(guardCommand(['--base', 'main', '--directory', directory])).rejects.toMatchObject({
    name: 'UsageError',
    message: expect.stringContaining(sentence),
  });
});

test('judges a branch that is not checked out, from any directory', async () => {
  const { directory, git, commit } = repository({ [manifest]: base, 'a/b.yaml': configuration });
  git('switch', '--quiet', '-c', 'change');
  commit('Be bold', { [manifest]: broken });
  git('switch', '--quiet', 'main');
  const args = ['--base', 'main', '--head', 'change', '--directory', path.join(directory, 'a')];
  expect((await guardCommand(args)).exitCode).toBe(1);
  expect((await guardCommand([...args, '../k8s'])).exitCode).toBe(1);
  expect((await guardCommand([...args, 'b.yaml'])).exitCode).toBe(0);
});

test('names a symbolic link, and says nothing of the objects behind it', async () => {
  const { directory, git, commit } = repository({ [manifest]: base, 'other/web.yaml': base });
  git('switch', '--quiet', '-c', 'change');
  unlinkSync(path.join(directory, manifest));
  symlinkSync('../other/web.yaml', path.join(directory, manifest));
  commit('Link', {});
  const { stdout } = await guardCommand([
    '--base',
    'main',
    '--directory',
    directory,
    '--format',
    'json',
    '--profile',
    'lossless',
  ]);
  expect(JSON.parse(stdout)).toMatchObject({
    refused: [{ rule: 'objects-hidden', what: 'is a symbolic link to ../other/web.yaml' }],
  });
});

test('compares two directories, such as what Helm and Kustomize print', async () => {
  const directory = scratch();
  write(directory, {
    'old/shop/templates/web.yaml': `# Source: shop/templates/web.yaml\n${deployment}`,
    'old/shop/charts/edge/templates/service.yaml': `# Source: x\n${service}`,
    'new/shop/templates/web.yaml': `# Source: shop/templates/web.yaml\n${edited(deployment, '      labels:\n        app: web\n', '      labels:\n        app: shop\n')}`,
    'new/shop/charts/edge/templates/service.yaml': `# Source: x\n${service}`,
  });
  const { stdout, exitCode } = await guardCommand([
    '--before',
    path.join(directory, 'old'),
    '--after',
    path.join(directory, 'new'),
  ]);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('refused pods-unselected');
  expect(stdout).not.toMatch(/npm run|settings\.ts|PruneLast/);
});

test('says that a chart has to be rendered first', async () => {
  const { directory, git, commit } = repository({
    'chart/Chart.yaml': 'name: a\n',
    'chart/templates/a.yaml': 'kind: {{ .Values.x }}\napiVersion: v1\n',
  });
  git('switch', '--quiet', '-c', 'change');
  commit('Change', { 'chart/templates/a.yaml': 'kind: {{ .Values.y }}\napiVersion: v1\n' });
  const { stdout, exitCode } = await guardCommand(['--base', 'main', '--directory', directory]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('chart is the input of Helm or Kustomize and was not judged');
});

test.each([
  [['--base', 'nothing'], '--base is "nothing", which names no commit here. Fetch it first.'],
  [[], '--base is missing'],
  [['--base', 'main', '--format', 'xml'], '--format is "xml", expected one of text, json, github, sarif, markdown.'],
  [['--base', 'main', '--profile', 'some'], '--profile is "some", expected one of lossless, any.'],
  [['--before', '.'], '--before and --after belong together'],
  [['--what'], "Unknown option '--what'"],
  [['--bsae', 'main'], "Unknown option '--bsae'. Did you mean --base?"],
])('refuses %j with a sentence', async (args, sentence) => {
  const { directory } = repository({});
  await expect(guardCommand([...args, '--directory', directory])).rejects.toMatchObject({
    name: 'UsageError',
    message: expect.stringContaining(sentence),
  });
});
