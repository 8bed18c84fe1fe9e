import { expect, test } from 'vitest';
import { guardCommand } from '../../../src/guard/command.ts';
import { repository } from '../../repository.ts';
import { edited, file, folder } from '../sample.ts';

const staging = 'manifests/staging/web.yaml';
const production = 'manifests/production/web.yaml';
const base = file(...folder);
const inStaging = (text: string): string => text.replaceAll('shop', 'shop-staging');
const next = base.replace('1.2.3@', '1.2.4@');

async function judged(directory: string): Promise<readonly string[]> {
  const args = ['--base', 'main', '--directory', directory, '--profile', 'lossless', '--format', 'json', 'manifests'];
  const { refused } = JSON.parse((await guardCommand(args)).stdout) as { refused: readonly { rule: string }[] };
  return refused.map(({ rule }) => rule);
}

test('refuses a release of several environments, and lets its revert pass', async () => {
  const { directory, git, commit } = repository({ [staging]: inStaging(base), [production]: base });
  const changed = { [staging]: inStaging(next), [production]: next };
  git('switch', '--quiet', '-c', 'change');
  commit('Release both', changed);
  expect(await judged(directory)).toEqual(['several-environments']);
  git('switch', '--quiet', 'main');
  git('merge', '--quiet', '--no-ff', '--no-edit', 'change');
  git('switch', '--quiet', '-c', 'back');
  git('revert', '--no-edit', '--mainline=1', 'main');
  expect(await judged(directory)).toEqual([]);
});

test('lets a rollback prune while pods are replaced, and refuses what the way back costs', async () => {
  const extra = '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra, namespace: shop}\ndata: {a: b}\n';
  const { directory, git, commit } = repository({ [production]: base });
  commit('Release with an object', { [production]: next + extra });
  git('switch', '--quiet', '-c', 'back');
  commit('Go back', { [production]: base });
  expect(await judged(directory)).toEqual([]);
  commit('Not only back', { [production]: edited(base, '  replicas: 3\n', '  replicas: 4\n') });
  expect(await judged(directory)).toEqual(['prune-with-rollout']);
  git('switch', '--quiet', 'main');
  commit('Expose', { [production]: next.replace('type: LoadBalancer', 'type: NodePort') });
  git('switch', '--quiet', '-c', 'back-again');
  commit('Go back', { [production]: base });
  expect(await judged(directory)).toEqual(['service-type-changed']);
});
