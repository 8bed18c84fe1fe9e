import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { guardCommand } from 'zerodrop/guard';
import { type Pins } from '../../apps/pins.ts';
import { render } from '../../apps/render.ts';
import { writeRendered } from '../../apps/write.ts';
import { assertSettings } from '../../settings/define.ts';
import { emptyRepository } from '../release/repository.ts';
import { projectWith } from '../settings/sample.ts';

const page = readFileSync('docs/how-to/add-a-cluster.md', 'utf8');
const image = 'asia-southeast2-docker.pkg.dev/example-project/zerodrop/web';
const common = { repository: 'https://github.com/example/zerodrop', services: [{ name: 'web', image }] };
const google = { project: 'example-project', region: 'asia-southeast2' };

/** A block of the page, by its language. */
function block(language: string): string {
  const [, text = ''] = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\\n\`\`\``).exec(page) ?? [];
  return text;
}

/** Every rendered file of these settings, with a release of each environment in which the first cluster runs pods. */
function rendered(chosen: object): ReadonlyMap<string, string> {
  const settings: unknown = { ...common, ...chosen };
  assertSettings(settings);
  const pin = { image: `${image}:1.0.0@sha256:${'0'.repeat(64)}`, source: 'a'.repeat(40) };
  const pins: Pins = new Map([
    ['staging/web', pin],
    ['production/web', pin],
  ]);
  return render(projectWith({}, settings), pins);
}

test('the guard refuses of the second cluster what docs/how-to/add-a-cluster.md allows, and nothing else', async () => {
  const { directory, git, commit } = emptyRepository();
  const environments = [{ name: 'staging' }, { name: 'production', after: 'staging' }];
  await writeRendered(directory, rendered({ environments, clusters: [{ name: 'main', google }] }));
  commit('One cluster');
  git('switch', '--quiet', '--create', 'west');
  await writeRendered(directory, rendered(Object(runInNewContext(`({${block('ts')}})`))));
  commit('Add the cluster west');
  const judged = (...more: readonly string[]) =>
    guardCommand(['--base=main', `--directory=${directory}`, '--profile=lossless', ...more, 'manifests', 'argocd']);

  const { stdout } = await judged('--format=json');
  const { refused } = JSON.parse(stdout) as { refused: readonly { readonly rule: string }[] };
  expect(new Set(refused.map(({ rule }) => rule))).toEqual(new Set(['application-removed', 'folder-emptied']));

  git('commit', '--quiet', '--amend', '--message', `Add the cluster west\n\n${block('text')}`);
  const allowed = await judged();
  expect([allowed.exitCode, allowed.stdout.includes('exception-ineffective')]).toEqual([0, false]);
});
