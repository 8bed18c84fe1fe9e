import { expect, test } from 'vitest';
import { UsageError } from 'zerodrop/errors';
import { render } from '../../../apps/render.ts';
import { publish } from '../../../release/publish/publish.ts';
import type { Render } from '../../../release/publish/render.ts';
import { projectFiles, projectWith } from '../../settings/sample.ts';
import { type Remote, remoteOf, pushSource, pushSources, request, surroundings } from '../remote.ts';
import { renderOneHere } from '../render-here.ts';
import { renderedRepository, type Repository } from '../repository.ts';

const log = (remote: Remote): string => remote.git('log', '--format=%s', 'main');
const pinned = (remote: Remote): string => remote.git('show', 'main:apps/images/staging/web.json');

test('pushes one commit to main, and leaves the clone as it was, whatever is going on there', async () => {
  const remote = remoteOf();
  const clone = remote.clone();
  const source = pushSource(clone, 'Answer faster');
  clone.write('settings.ts', 'not even TypeScript {');
  clone.write('notes.txt', 'mine');
  clone.git('add', 'notes.txt');
  const before = clone.state();

  const published = await publish(request('1.2.3', source), surroundings(clone));

  const commit = remote.git('rev-parse', 'main');
  expect(published).toEqual({ kind: 'published', commit, allowed: [] });
  expect(log(remote)).toBe('Release web 1.2.3 to staging\nAnswer faster\nBegin');
  expect(remote.git('log', '-1', '--format=%(trailers:key=Source-Commit,valueonly)', 'main').trim()).toBe(source);
  expect(clone.state()).toBe(before);
  expect(clone.git('worktree', 'list').split('\n')).toHaveLength(1);
  expect(clone.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main\nrefs/remotes/origin/main');
  // A second run, with nothing left to do, names the commit to watch all the same.
  expect(await publish(request('1.2.3', source), surroundings(clone))).toEqual({ kind: 'unchanged', commit });
});

test('renders by the settings of the newest main, which the clone does not have yet', async () => {
  const remote = remoteOf();
  const [clone, other] = [remote.clone(), remote.clone()];
  const source = pushSource(clone, 'Answer faster');
  const owned = projectWith({ in: { staging: { replicas: 7 } } });
  other.git('pull', '--quiet', 'origin', 'main');
  for (const [path, text] of projectFiles(owned)) other.write(path, text);
  for (const [path, text] of render(owned, new Map())) other.write(path, text);
  other.commit('Run seven');
  other.git('push', '--quiet', 'origin', 'main');

  expect(await publish(request('1.2.3', source), surroundings(clone))).toMatchObject({ kind: 'published' });
  expect(log(remote)).toMatch(/^Release web 1\.2\.3 to staging\nRun seven\n/);
  expect(remote.git('show', 'main:manifests/staging/web/web.yaml')).toMatch(/replicas: 7/);
});

test('an older run ends superseded; the same source built again goes on', async () => {
  const remote = remoteOf();
  const clone = remote.clone();
  const [older = '', newer = ''] = pushSources(clone, 'Older', 'Newer');
  await publish(request('2.0.0', newer), surroundings(clone));
  const before = remote.git('rev-parse', 'main');
  const outcome = await publish(request('1.0.0', older, { again: true }), surroundings(clone));
  expect(outcome).toMatchObject({ kind: 'superseded', pinned: { source: newer } });
  expect(remote.git('rev-parse', 'main')).toBe(before);
  expect(await publish(request('2.0.0-rebuilt', newer), surroundings(clone))).toMatchObject({ kind: 'published' });
  expect(pinned(remote)).toContain(':2.0.0-rebuilt@');
  // A late run of the first build is told so; once the second is taken back, the second is.
  expect(await publish(request('2.0.0', newer), surroundings(clone))).toMatchObject({ kind: 'built-again' });
  squashRevert(clone);
  const reverted = { kind: 'rolled-back', former: { source: newer }, pinned: { source: newer } };
  expect(await publish(request('2.0.0-rebuilt', newer), surroundings(clone))).toMatchObject(reverted);
});

/** Takes the newest commit back as a squash merge would: one commit, with words of its own. */
function squashRevert(clone: Repository): void {
  clone.git('pull', '--quiet', '--rebase', 'origin', 'main');
  clone.git('revert', '--no-commit', 'HEAD');
  clone.commit('Calm things down (#42)');
  clone.git('push', '--quiet', 'origin', 'main');
}

test('what was rolled back stays so, until a newer commit or --again', async () => {
  const remote = remoteOf();
  const clone = remote.clone();
  const [good = '', between = '', bad = ''] = pushSources(clone, 'Good', 'Between', 'Bad');
  await publish(request('1.0.0', good), surroundings(clone));
  await publish(request('3.0.0', bad), surroundings(clone));
  squashRevert(clone);
  const before = remote.git('rev-parse', 'main');
  const reverted = { kind: 'rolled-back', former: { source: bad }, pinned: { source: good } };
  expect(await publish(request('3.0.0', bad), surroundings(clone))).toMatchObject(reverted);
  // Never released by itself, but part of what was taken back.
  expect(await publish(request('2.0.0', between), surroundings(clone))).toMatchObject(reverted);
  expect(remote.git('rev-parse', 'main')).toBe(before);

  const again = request('3.0.0', bad, { again: true });
  expect(await publish(again, surroundings(clone))).toMatchObject({ kind: 'published' });
  squashRevert(clone);
  const mended = pushSource(clone, 'Mend');
  expect(await publish(request('4.0.0', mended), surroundings(clone))).toMatchObject({ kind: 'published' });
});

test('pushes nothing that the guard refuses', async () => {
  const unchecked = { because: 'a test', maxUnavailable: 1 };
  const remote = remoteOf(renderedRepository(projectWith({ unchecked })));
  const clone = remote.clone();
  const source = pushSource(clone, 'Answer faster');
  const refused = await publish(request('1.2.3', source), surroundings(clone));
  expect(refused).toMatchObject({ kind: 'refused', refusals: [{ rule: 'max-unavailable' }] });
  expect(remote.git('rev-parse', 'main')).toBe(source);

  const allowance = { rules: ['max-unavailable'], because: 'a test' } as const;
  const allowed = await publish(request('1.2.3', source, { allowance }), surroundings(clone));
  expect(allowed).toMatchObject({ kind: 'published', allowed: [{ rule: 'max-unavailable' }] });
});

test('ends refused where main changes in the middle of a race, and keeps what others pushed', async () => {
  const remote = remoteOf();
  const [clone, other] = [remote.clone(), remote.clone()];
  const source = pushSource(clone, 'Answer faster');
  const owned = projectWith({ in: { staging: { unchecked: { because: 'a test', maxUnavailable: 1 } } } });
  let rendered = 0;
  const meanwhile: Render = async (...asked) => {
    rendered += 1;
    await renderOneHere(...asked);
    if (rendered > 1) return;
    other.git('pull', '--quiet', 'origin', 'main');
    for (const [path, text] of projectFiles(owned)) other.write(path, text);
    for (const [path, text] of render(owned, new Map())) other.write(path, text);
    other.commit('Try less');
    other.git('push', '--quiet', 'origin', 'main');
  };
  const published = await publish(request('1.2.3', source), surroundings(clone, { render: meanwhile }));
  expect(published).toMatchObject({ kind: 'refused', refusals: [{ rule: 'max-unavailable' }] });
  expect([rendered, log(remote)]).toEqual([2, 'Try less\nAnswer faster\nBegin']);
});

test('says what is missing: history, the source, the environment', async () => {
  const remote = remoteOf();
  const clone = remote.clone();
  const source = pushSource(clone, 'Answer faster');
  await expect(publish(request('1.2.3', 'f'.repeat(40)), surroundings(clone))).rejects.toThrow(
    /^--source is f{40}, which is no commit of this clone\./,
  );
  clone.git('switch', '--quiet', '-c', 'aside');
  clone.commit('Try something');
  const aside = clone.head();
  await expect(publish(request('1.2.3', aside), surroundings(clone))).rejects.toThrow(
    new UsageError(
      `--source is ${aside}, which is not on main at origin. An image is released from what was merged: merge that commit, or get the newest with git pull, and name the commit on main at origin that the image was built from.`,
    ),
  );
  await expect(publish(request('1.2.3', source, { environment: 'qa' }), surroundings(clone))).rejects.toThrow(
    '--environment is "qa", but settings.ts has staging, production.',
  );
  clone.write('.git/shallow', `${source}\n`);
  await expect(publish(request('1.2.3', source), surroundings(clone))).rejects.toThrow(
    /^This clone is shallow.*fetch-depth: 0\.$/,
  );
  expect(remote.git('rev-parse', 'main')).toBe(source);
});
