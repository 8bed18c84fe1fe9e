import { expect, test } from 'vitest';
import { publish } from '../../../release/publish/publish.ts';
import type { Render } from '../../../release/publish/render.ts';
import { rollBack } from '../../../release/rollback/rollback.ts';
import { rollReleaseBack } from '../../../release/verify/go-back.ts';
import { type Remote, remoteWith, request, surroundings } from '../remote.ts';
import { renderHere } from '../render-here.ts';
import type { Repository } from '../repository.ts';

/** A remote whose staging had three releases. */
async function released() {
  const { remote, releases } = await remoteWith(['1.0.0', 'staging'], ['2.0.0', 'staging'], ['3.0.0', 'staging']);
  const [first = '', second = '', third = ''] = releases.map(({ commit }) => commit);
  return { remote, clone: remote.clone(), first, second, third, bad: releases[2]?.source ?? '' };
}

const staging = { environment: 'staging', release: null, allowance: null };
/** What Argo CD and the next render read of a commit. */
const tree = (remote: Remote, commit: string): string =>
  remote.git('ls-tree', '-r', commit, 'manifests', 'argocd', 'apps/images');

/** What must not be called: a rollback that git can make needs no renderer. */
const noRender: Render = async () => {
  throw new Error('It rendered.');
};

/** Changes files on main, as a pull request would. */
function merge(clone: Repository, subject: string, change: () => void): void {
  clone.git('pull', '--quiet', '--rebase', 'origin', 'main');
  change();
  clone.commit(subject);
  clone.git('push', '--quiet', 'origin', 'main');
}

test('is what git revert makes, to the bytes, and goes on to the release before', async () => {
  const { remote, clone, first, second, third, bad } = await released();
  const before = clone.state();
  const where = surroundings(clone, { render: noRender });

  const once = await rollBack(staging, where);
  expect(once).toMatchObject({ kind: 'rolled-back', release: { commit: third }, target: { commit: second } });
  expect(tree(remote, 'main')).toBe(tree(remote, second));
  expect(remote.git('log', '-1', '--format=%B', 'main').trim()).toBe(
    `Revert "Release 3.0.0"\n\nThis reverts commit ${third}.`,
  );
  expect(clone.state()).toBe(before);

  expect(await rollBack(staging, where)).toMatchObject({ release: { commit: second }, target: { commit: first } });
  expect(tree(remote, 'main')).toBe(tree(remote, first));
  await expect(rollBack(staging, where)).rejects.toThrow('1.0.0 is the first release of staging');

  expect(await publish(request('3.0.0', bad), surroundings(clone))).toMatchObject({ kind: 'rolled-back' });
});

test('two people at once take one release back, not two', async () => {
  const { remote, clone, second, third } = await released();
  const other = remote.clone();
  // In the same second both may even make the very same commit.
  const asked = { ...staging, release: third };
  await Promise.all([rollBack(asked, surroundings(clone)), rollBack(asked, surroundings(other))]);
  expect(remote.git('rev-list', '--count', `${third}..main`)).toBe('1');
  expect(tree(remote, 'main')).toBe(tree(remote, second));
  expect(await rollBack(asked, surroundings(clone))).toEqual({ kind: 'gone', commit: third });
});

test('renders the former pin anew where git revert meets a later change, or a release that came with more', async () => {
  const { remote, clone, third } = await released();
  const manifest = 'manifests/staging/web/web.yaml';
  // Whoever edits by hand what is rendered makes a conflict: the lines beside the image.
  merge(clone, 'Edit by hand', () => {
    const text = clone.read(manifest);
    clone.write(manifest, text.replace(/^( *)image: (.+:3\.0\.0.*)$/m, '$1image: $2 # ours'));
  });
  const ended = await rollBack(staging, surroundings(clone));
  expect(ended).toMatchObject({ kind: 'rolled-back', release: { commit: third } });
  expect(remote.git('show', `main:${manifest}`)).toMatch(/image: .+:2\.0\.0@sha256:0+$/m);

  merge(clone, 'Release and more', () => {
    clone.write(
      'apps/images/staging/web.json',
      clone.read('apps/images/staging/web.json').replace(':2.0.0@', ':2.0.0-hand@'),
    );
    clone.write('notes.txt', 'keep me');
  });
  await renderHere(clone.directory);
  clone.commit('Render it');
  clone.git('push', '--quiet', 'origin', 'main');
  expect(await rollBack(staging, surroundings(clone))).toMatchObject({ kind: 'rolled-back' });
  expect(remote.git('show', 'main:notes.txt')).toBe('keep me');
  expect(remote.git('show', 'main:apps/images/staging/web.json')).toContain(':2.0.0@');
});

test('takes back a promotion that was merged with a merge commit', async () => {
  const { remote, clone, third } = await released();
  clone.git('fetch', '--quiet', 'origin');
  clone.git('reset', '--quiet', '--hard', `${third}~1`);
  clone.git('merge', '--quiet', '--no-ff', '--message=Merge pull request #7', third);
  clone.git('push', '--quiet', '--force', 'origin', 'HEAD:main');
  const merged = clone.head();
  expect(await rollBack(staging, surroundings(clone, { render: noRender }))).toMatchObject({
    release: { commit: merged },
  });
  expect(remote.git('show', 'main:apps/images/staging/web.json')).toContain(':2.0.0@');
});

test('pushes nothing where the way back costs what the guard refuses, unless that is allowed', async () => {
  const { remote, clone } = await released();
  const manifest = 'manifests/staging/web/web.yaml';
  // A release that brought its own way in: taking it back changes the type of the Service once more.
  clone.write(manifest, clone.read(manifest).replace('type: LoadBalancer', 'type: NodePort'));
  clone.write('apps/images/staging/web.json', clone.read('apps/images/staging/web.json').replace(':3.0.0@', ':4.0.0@'));
  clone.commit('Release 4.0.0');
  clone.git('push', '--quiet', 'origin', 'main');
  const fourth = clone.head();

  const refused = await rollBack(staging, surroundings(clone));
  expect(refused).toMatchObject({ kind: 'refused', refusals: [{ rule: 'service-type-changed' }] });
  expect(await rollReleaseBack({ environment: 'staging' }, fourth, surroundings(clone))).toEqual({
    kind: 'left',
    because: expect.stringContaining('--allow service-type-changed'),
  });
  expect(remote.git('rev-parse', 'main')).toBe(fourth);

  const allowance = { rules: ['service-type-changed'], because: 'nobody calls staging' } as const;
  expect(await rollBack({ ...staging, allowance }, surroundings(clone))).toMatchObject({ kind: 'rolled-back' });
  expect(remote.git('log', '-1', '--format=%B', 'main')).toContain(
    'Guard-Allowed: service-type-changed: nobody calls staging',
  );
});
