import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { formatPin, readPins } from '../../../apps/pins.ts';
import type { Project } from '../../../apps/project.ts';
import { render } from '../../../apps/render.ts';
import { type Published, publishHere, type PublishRequest } from '../../../release/publish/publish.ts';
import { imageRepository, project, projectFiles, projectWith } from '../../settings/sample.ts';
import { request, surroundings } from '../remote.ts';
import { renderedRepository, type Repository, temporaryFolder } from '../repository.ts';

/** A hook that runs in a worktree as well. */
function hook(repository: Repository, name: string, ...lines: readonly string[]): void {
  repository.hook(name, ...lines);
  repository.git('config', 'core.hooksPath', join(repository.directory, '.git', 'hooks'));
}

const pinned = (tag: string): string => `${imageRepository}:${tag}@sha256:${'0'.repeat(64)}`;

function released(repository: Repository, tag: string, other: Partial<PublishRequest> = {}): Promise<Published> {
  return publishHere(request(tag, repository.head(), other), surroundings(repository));
}

test('makes one commit on the branch, of the pin and what is rendered from it, and ties it to its source', async () => {
  const repository = renderedRepository();
  const source = repository.head();
  const outcome = await released(repository, '1.2.3');
  expect(outcome).toEqual({ kind: 'published', commit: repository.head(), allowed: [] });
  expect(repository.git('log', '--format=%an: %s')).toBe('Ada Test: Release web 1.2.3 to staging\nAda Test: Begin');
  expect(repository.git('show', '--format=', '--name-status')).toBe(
    'A\tapps/images/staging/web.json\nM\tmanifests/staging/web/web.yaml',
  );
  expect(repository.git('status', '--porcelain', '--branch')).toBe('## main');

  const pin = { image: pinned('1.2.3'), source };
  const read = (path: string): string => readFileSync(join(repository.directory, path), 'utf8');
  expect(read('apps/images/staging/web.json')).toBe(formatPin(pin));
  for (const [path, text] of render(project, new Map([['staging/web', pin]]))) expect(read(path)).toBe(text);

  const trailer = (key: string): string =>
    repository.git('log', '-1', `--format=%(trailers:key=${key},valueonly)`).trim();
  expect(
    ['Source-Commit', 'Image', 'Environment', 'Argocd-reference-commit-subject', 'Guard-Allowed'].map(trailer),
  ).toEqual([source, pinned('1.2.3'), 'staging', 'Begin', '']);
});

test('makes no commit of what is there already', async () => {
  const repository = renderedRepository();
  const source = repository.head();
  await released(repository, '1.2.3');
  const before = repository.state();
  const again = await publishHere(request('1.2.3', source), surroundings(repository));
  expect(again).toEqual({ kind: 'unchanged', commit: repository.head() });
  expect(repository.state()).toBe(before);
});

test('is rolled back by git revert, to the very bytes', async () => {
  const repository = renderedRepository();
  await released(repository, '1.2.3');
  const tree = repository.git('rev-parse', 'HEAD^{tree}');
  await released(repository, '1.2.4');
  expect(repository.git('log', '-1', '--format=%b')).toMatch(
    /^Replaces 1\.2\.3\. Reverting this commit brings it back\./,
  );
  repository.git('revert', '--no-edit', 'HEAD');
  expect(repository.git('rev-parse', 'HEAD^{tree}')).toBe(tree);
  expect((await readPins(repository.directory, ['staging/web'])).get('staging/web')?.image).toContain(':1.2.3@');
});

test('takes changed settings of the environment along', async () => {
  const repository = renderedRepository();
  await released(repository, '1.2.3');
  for (const [path, text] of projectFiles(projectWith({ in: { staging: { replicas: 5 } } })))
    repository.write(path, text);
  repository.commit('Grow staging');
  await released(repository, '1.2.4');
  expect(repository.read('manifests/staging/web/web.yaml')).toContain('replicas: 5');
  expect(repository.read('manifests/production/web/web.yaml')).not.toContain('replicas: 5');
});

const unchecked = { because: 'a test', maxUnavailable: 1, probes: 'liveness-only' } as const;
const risky = (): Repository => renderedRepository(projectWith({ in: { staging: { unchecked } } }));

test('writes nothing where the guard refuses, also with a part of it allowed', async () => {
  const repository = risky();
  const before = repository.state();
  const outcome = await released(repository, '1.2.3', {
    allowance: { rules: ['readiness-missing'], because: 'a test' },
  });
  expect(outcome).toMatchObject({ kind: 'refused', refusals: [{ rule: 'max-unavailable' }] });
  expect(repository.state()).toBe(before);
});

test('keeps what it was allowed in the commit, and no rule that it did not need', async () => {
  const repository = risky();
  const rules = ['image-unpinned', 'readiness-missing', 'max-unavailable'];
  const outcome = await released(repository, '1.2.3', { allowance: { rules, because: 'a test' } });
  expect(outcome).toMatchObject({ kind: 'published', allowed: [{}, {}] });
  expect(repository.git('log', '-1', '--format=%(trailers:key=Guard-Allowed)').trim().split('\n')).toEqual([
    'Guard-Allowed: max-unavailable: a test',
    'Guard-Allowed: readiness-missing: a test',
  ]);
});

test.each<readonly [string, (repository: Repository) => Partial<PublishRequest>, string]>([
  [
    'a change that is not committed',
    ({ write }) => {
      write('apps/new.ts', '');
      return {};
    },
    'has changes that are not committed: apps/new.ts. A release needs',
  ],
  [
    'a hook that refuses',
    (repository) => {
      hook(repository, 'pre-commit', 'echo "no releases on a Friday" >&2', 'exit 1');
      return {};
    },
    'Your hook pre-commit ended git commit, and nothing is pushed:\nno releases on a Friday',
  ],
  [
    'no identity',
    ({ git }) => {
      git('config', 'user.name', '');
      return {};
    },
    'git commit failed',
  ],
  [
    'an unknown environment',
    () => ({ environment: 'test' }),
    '--environment is "test", but settings.ts has staging, production.',
  ],
  ['a name of a method', () => ({ environment: 'toString' }), '--environment is "toString", but settings.ts has'],
  [
    'the image of another repository',
    () => ({ image: { repository: 'docker.io/other/web', tag: '1', digest: `sha256:${'0'.repeat(64)}` } }),
    `--image is of the repository docker.io/other/web, but the image of web in settings.ts is ${imageRepository}. Push the image there, or change the setting first.`,
  ],
  ['a source that is not here', () => ({ source: 'a'.repeat(40) }), 'which is no commit of this clone'],
])('writes nothing with %s', async (_, prepare, sentence) => {
  const repository = renderedRepository();
  const other = prepare(repository);
  const before = repository.state();
  await expect(released(repository, '1.2.3', other)).rejects.toThrow(sentence);
  expect(repository.state()).toBe(before);
  expect(repository.git('worktree', 'list').split('\n')).toHaveLength(1);
});

test.each(['argocd/web-staging.yaml', 'argocd/web.project.yaml'])(
  "refuses settings that Argo CD's objects lack: %s",
  async (path) => {
    const repository = renderedRepository();
    repository.write(path, 'apiVersion: v1\nkind: Older\nmetadata: { name: a }\n');
    repository.commit('Break it');
    await expect(released(repository, '1.2.3')).rejects.toThrow(
      `${path} is not what settings.ts and apps/ render, so the release would not run as they say. Run npm run synth, look at the difference and commit it, then release.`,
    );
  },
);

test('writes nothing where rendering fails', async () => {
  const typo: Project = projectWith({ unchecked: { because: 'a typing error', maxSurge: 0 } });
  const repository = renderedRepository();
  for (const [path, text] of projectFiles(typo)) repository.write(path, text);
  repository.commit('Mistype');
  const before = repository.state();
  await expect(released(repository, '1.2.3')).rejects.toThrow('in staging, maxSurge');
  expect(repository.state()).toBe(before);
});

test('leaves the branch as it was where its files can not move on, and names the commit', async () => {
  const repository = renderedRepository();
  const lock = join(repository.directory, '.git', 'index.lock');
  hook(repository, 'post-commit', `touch '${lock}'`);
  const before = repository.state();
  const failed = await released(repository, '1.2.3').catch((error: unknown) => error);
  const [, commit = ''] =
    /^The release is made as (\w+), but your branch can't move on/.exec(String(Object(failed).message)) ?? [];
  rmSync(lock);
  expect(repository.state()).toBe(before);
  repository.git('merge', '--quiet', '--ff-only', commit);
  expect(repository.git('log', '-1', '--format=%s')).toBe('Release web 1.2.3 to staging');
});

test('commits what hooks make of the message, and what a .gitignore names', async () => {
  const repository = renderedRepository();
  repository.write('.gitignore', 'manifests/\n*.json\n');
  repository.commit('Ignore it');
  writeFileSync(join(repository.directory, 'ignored.json'), '{}');
  hook(repository, 'commit-msg', 'sed -i.bak "1s/^/ABC-1 /" "$1"');
  await released(repository, '1.2.3');
  expect(repository.git('log', '-1', '--format=%s')).toBe('ABC-1 Release web 1.2.3 to staging');
  expect(repository.read('manifests/staging/web/web.yaml')).toContain(':1.2.3@');
});

test('leaves the clone as it was when it is interrupted in a hook', async () => {
  const repository = renderedRepository();
  const reached = join(temporaryFolder(), 'reached');
  hook(repository, 'pre-commit', `touch '${reached}'`, 'exec sleep 60');
  const before = repository.state();
  const interruption = new AbortController();
  const asked = request('1.2.3', repository.head());
  const ended = publishHere(asked, surroundings(repository, { signal: interruption.signal }));
  const interrupt = async (): Promise<void> => {
    while (!existsSync(reached)) await pause(20);
    interruption.abort();
  };
  await Promise.all([expect(ended).rejects.toThrow(/^Interrupted while git commit was at work\.$/), interrupt()]);
  expect(repository.state()).toBe(before);
  expect(repository.git('worktree', 'list').split('\n')).toHaveLength(1);
});
