import path from 'node:path';
import { expect, test } from 'vitest';
import { guardCommand } from '../../../src/guard/command.ts';
import { repository, scratch, write } from '../../repository.ts';
import { edited, file, folder } from '../sample.ts';

const manifest = 'k8s/shop/web.yaml';
const base = file(...folder);
const next = edited(base, '  replicas: 3\n', '  replicas: 4\n');
const chart = { 'chart/Chart.yaml': 'name: a\n', 'chart/templates/a.yaml': 'kind: {{ .Values.x }}\napiVersion: v1\n' };

function changed() {
  const made = repository({
    [manifest]: base,
    'k8s/other.yaml': base.replaceAll('shop', 'other'),
    'docs/a.md': '',
    ...chart,
  });
  made.git('switch', '--quiet', '-c', 'change');
  made.commit('Change', { [manifest]: next });
  return {
    ...made,
    judged: (...args: readonly string[]) => guardCommand(['--base', 'main', '--directory', made.directory, ...args]),
  };
}

test('says how much it has compared, in every format', async () => {
  const { judged } = changed();
  const words =
    'Compared 2 files with manifests: 1 differs, with 1 of 14 objects changed. Left out chart, which nobody has rendered.';
  for (const format of ['text', 'markdown', 'github'])
    expect((await judged('--format', format)).stdout).toContain(words);
  const compared = { files: 2, changedFiles: 1, objects: 14, changedObjects: 1, unrendered: ['chart'] };
  expect(JSON.parse((await judged('--format', 'json')).stdout)).toMatchObject({
    summary: expect.stringContaining(words),
    compared,
  });
  expect(JSON.parse((await judged('--format', 'sarif')).stdout)).toMatchObject({
    runs: [{ properties: { compared } }],
  });
  expect((await judged('k8s/other.yaml')).stdout).toContain('Compared 1 file with manifests, and none differs.');
});

test('takes no path for compared that is not there, or holds no manifest', async () => {
  const { judged, directory } = changed();
  write(directory, { 'new/a.yaml': base });
  const sentences = {
    'k8s/shp':
      'k8s/shp is neither in main nor in HEAD, so nothing would be compared. Name a path that is there. Did you mean k8s/shop?',
    new: 'new is neither in main nor in HEAD, so nothing would be compared. It is in the working copy only. Commit it,',
    docs: 'docs: no manifest is there, before or after the change, so nothing was compared.',
    chart: 'chart is the input of Helm or Kustomize. Render it before and after the change',
    '../x': '../x is outside of the repository',
  };
  for (const [given, sentence] of Object.entries(sentences)) {
    await expect(judged(given)).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining(sentence),
    });
  }
  for (const given of ['k8s/', './k8s/shop/', path.join(directory, 'k8s'), '.']) {
    expect((await judged(given)).stdout).toContain('1 differs');
  }
});

test('tells what is not committed, or not staged', async () => {
  const { judged, directory, git } = changed();
  write(directory, { [manifest]: base, 'k8s/new.yaml': base, 'notes.yaml': 'a: b\n', 'k8s/a.txt': '' });
  expect((await judged()).stdout).toContain(
    'Note: Not compared, because it is not committed: k8s/shop/web.yaml, k8s/new.yaml. Commit them, or stage them',
  );
  expect((await judged('--head', 'main')).stdout).not.toContain('Not compared');
  git('add', manifest);
  const staged = await guardCommand(['--staged', '--directory', directory]);
  expect(staged.stdout).toContain('Not compared, because it is not staged: k8s/new.yaml.');
  expect(staged.stdout).toContain('1 differs');
});

test('compares what is staged before the first commit with nothing', async () => {
  const { directory, git } = repository({});
  git('checkout', '--quiet', '--orphan', 'fresh');
  write(directory, { [manifest]: base });
  git('add', '--all');
  expect((await guardCommand(['--staged', '--directory', directory])).stdout).toContain('7 of 7 objects changed');
});

test('compares two files, such as what helm template has printed', async () => {
  const directory = scratch();
  write(directory, {
    'old.yaml': base,
    'new.yaml': edited(base, 'maxUnavailable: 0', 'maxUnavailable: 1'),
    'empty/a.md': '',
    'void/a.md': '',
  });
  const judged = (before: string, after: string) =>
    guardCommand(['--before', path.join(directory, before), '--after', path.join(directory, after)]);
  const refused = await judged('old.yaml', 'new.yaml');
  expect(refused.exitCode).toBe(1);
  expect(refused.stdout).toContain('new.yaml:45: refused max-unavailable');
  await expect(judged('empty', 'void')).rejects.toThrow('no manifest is there, before or after the change');
  await expect(judged('empty', 'empty')).rejects.toThrow('so nothing can differ');
  await expect(judged('old.yaml', 'empty')).rejects.toThrow('a file and a directory');
  await expect(judged('old.yaml', 'none.yaml')).rejects.toThrow('a file and a directory');
  await expect(judged('none', 'other')).rejects.toThrow("can't be read as a directory");
});
