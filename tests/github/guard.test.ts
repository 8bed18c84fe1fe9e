import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { formatPin, pinPath } from '../../apps/pins.ts';
import { settings } from '../../settings.ts';
import { firstOf } from '../../settings/settings.ts';
import { projectRepository } from '../release/project.ts';
import { renderHere } from '../release/render-here.ts';
import { workflow } from './workflows.ts';

const [environment = ''] = settings.environments.map(({ name }) => name);
const service = firstOf(settings.services).name;
const manifest = `manifests/${environment}/${service}/${service}.yaml`;

test("a pull request that empties the rules and takes a Service away is refused, by main's code", async () => {
  const repository = await projectRepository();
  const { directory, git, read, write } = repository;
  symlinkSync(path.resolve('node_modules'), path.join(directory, 'node_modules'));
  write('.gitignore', 'node_modules\n');
  const image = `${firstOf(settings.services).image}:1.2.3@sha256:${'0'.repeat(64)}`;
  write(pinPath(`${environment}/${service}`), formatPin({ image, source: 'a'.repeat(40) }));
  await renderHere(directory);
  repository.commit('Release');
  git('switch', '--quiet', '-c', 'change');
  const withoutService = read(manifest)
    .split('---\n')
    .filter((document) => !document.includes('\nkind: Service\n'))
    .join('---\n');
  write(manifest, withoutService);
  const own = 'release/guard.ts';
  const blinded = read(own).replace('.filter(', '.filter(() => false).filter(');
  write(own, blinded.replace("options, 'manifests', 'argocd'", "options, 'argocd'"));
  // What a hook of npm, or another command of that name, would do.
  const scripts = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  scripts.scripts['prerelease'] = 'echo by the pull request; exit 0';
  write('package.json', JSON.stringify(scripts));
  repository.commit('Take the Service away');
  git('switch', '--quiet', 'main');
  git('merge', '--quiet', '--no-ff', '--no-edit', 'change');
  const merge = git('rev-parse', 'HEAD');

  // As the job does it, step by step: the expressions are what GitHub makes of them.
  const output = path.join(directory, '.git', 'output');
  const summary = path.join(directory, '.git', 'summary');
  const told = { GITHUB_SHA: merge, GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary };
  const ran = (workflow('check').jobs['guard']?.steps ?? []).flatMap(({ id, run }) => {
    if (run === undefined || run.includes('--format markdown') || run.includes('pipeline -- frozen')) return [];
    const base = id === 'range' ? 'HEAD^1' : git('rev-parse', `${merge}^1`);
    const env = { ...process.env, ...told, BASE: base };
    return [spawnSync('bash', ['-eo', 'pipefail', '-c', run], { cwd: directory, env, encoding: 'utf8' })];
  });

  expect(ran.map(({ status }) => status)).toEqual([0, 1]);
  expect(ran[1]?.stdout).toMatch(new RegExp(`^::error file=${manifest}.*title=name-changed::Service `, 'm'));
  expect(ran.map(({ stdout }) => stdout).join('')).not.toContain('by the pull request');

  // The pull request's own code would let it pass.
  git('checkout', '--quiet', merge);
  const asked = ['run', '--silent', 'release', '--', 'guard', '--base', 'HEAD^1'];
  expect(spawnSync('npm', asked, { cwd: directory, encoding: 'utf8' })).toMatchObject({ status: 0 });
}, 30_000);
