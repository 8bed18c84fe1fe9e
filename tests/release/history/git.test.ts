import { expect, test } from 'vitest';
import { formatPin, type Pin, pinPath } from '../../../apps/pins.ts';
import {
  formerRelease,
  readHistory,
  requireHistory,
  requireKnownSource,
  sourceOrder,
  type KnownRelease,
} from '../../../release/history/decision.ts';
import { readPinAt, readPinChanges } from '../../../release/history/pin-changes.ts';
import { type Tree, withTree } from '../../../release/publish/tree.ts';
import { emptyRepository, type Repository } from '../repository.ts';

const image = (tag: string): string => `web:${tag}@sha256:${'0'.repeat(64)}`;
const wanted = (tag: string, source: string): Pin => ({ image: image(tag), source });

function inTree<T>({ directory }: Repository, use: (tree: Tree) => Promise<T>): Promise<T> {
  const bounds = { callMs: 30_000, signal: new AbortController().signal };
  return withTree(directory, bounds, async (tree) => {
    await tree.git('checkout', '--quiet', '--detach', 'main');
    return use(tree);
  });
}

/** Commits to the service and returns the commit. */
function build(repository: Repository, subject: string): string {
  repository.write('service/main.ts', subject);
  repository.commit(subject);
  return repository.head();
}

function pin(repository: Repository, tag: string, source: string): string {
  repository.write(pinPath('staging/web'), formatPin({ image: image(tag), source }));
  repository.commit(`Pin ${tag}`);
  return repository.head();
}

test('reads the changes of main alone, each merge as one', async () => {
  const repository = emptyRepository();
  const source = build(repository, 'Begin');
  const first = pin(repository, '1', source);
  repository.git('switch', '--quiet', '-c', 'promote');
  pin(repository, '2', source);
  pin(repository, '3', source);
  repository.git('switch', '--quiet', 'main');
  build(repository, 'Go on');
  repository.git('merge', '--quiet', '--no-ff', '--no-edit', 'promote');
  const merge = repository.head();
  repository.write(pinPath('staging/web'), 'half a pin');
  repository.commit('Break it');
  repository.git('rm', '--quiet', pinPath('staging/web'));
  repository.commit('Take it away');

  const changes = await inTree(repository, (tree) => readPinChanges(tree, 'staging/web'));

  expect(changes.map(({ commit, isGone, pin: read }) => [commit, isGone, read?.image ?? null]).slice(2)).toEqual([
    [merge, false, image('3')],
    [first, false, image('1')],
  ]);
  expect(changes.slice(0, 2)).toMatchObject([
    { isGone: true, pin: null },
    { isGone: false, pin: null },
  ]);
  expect(await inTree(repository, (tree) => readPinChanges(tree, 'production/web'))).toEqual([]);
});

test('knows older from newer, and takes what is not on main for older than main', async () => {
  const repository = emptyRepository();
  const old = build(repository, 'Old');
  repository.git('switch', '--quiet', '-c', 'aside');
  const aside = build(repository, 'Aside');
  repository.git('switch', '--quiet', 'main');
  const next = build(repository, 'New');
  await inTree(repository, async (tree) => {
    expect(await sourceOrder(tree, next, next)).toBe('same');
    expect(await sourceOrder(tree, next, old)).toBe('newer');
    expect(await sourceOrder(tree, old, next)).toBe('older');
    expect(await sourceOrder(tree, next, aside)).toBe('newer');
    expect(await sourceOrder(tree, next, 'f'.repeat(40))).toBe('newer');
    expect(await sourceOrder(tree, aside, next)).toBe('apart');
    // Neither is on main: nobody can tell which of them main would have.
    repository.git('switch', '--quiet', '-c', 'elsewhere', old);
    const elsewhere = build(repository, 'Elsewhere');
    repository.git('switch', '--quiet', 'main');
    expect(await sourceOrder(tree, elsewhere, aside)).toBe('apart');
  });
});

test('two sources that went apart and were both merged are neither older nor newer', async () => {
  const repository = emptyRepository();
  build(repository, 'Begin');
  repository.git('switch', '--quiet', '-c', 'aside');
  const aside = build(repository, 'Aside');
  repository.git('switch', '--quiet', 'main');
  repository.write('README.md', 'main goes on');
  repository.commit('Go on');
  const next = repository.head();
  repository.git('merge', '--quiet', '--no-ff', '--no-edit', 'aside');
  await inTree(repository, async (tree) => {
    expect(await sourceOrder(tree, aside, next)).toBe('apart');
    expect(await sourceOrder(tree, next, aside)).toBe('apart');
  });
});

test('asks for the whole history, and for a source that it has', async () => {
  const repository = emptyRepository();
  const source = build(repository, 'Begin');
  await inTree(repository, async (tree) => {
    await expect(requireHistory(tree)).resolves.toBeUndefined();
    await expect(requireKnownSource(tree, source)).resolves.toBeUndefined();
    await expect(requireKnownSource(tree, 'f'.repeat(40))).rejects.toThrow(
      `The source ${'f'.repeat(40)} is no commit of this repository`,
    );
    // A tree is there, and no commit.
    const folder = repository.git('rev-parse', 'HEAD^{tree}');
    await expect(requireKnownSource(tree, folder)).rejects.toThrow(`The source ${folder} is no commit`);
    repository.write('.git/shallow', `${source}\n`);
    await expect(requireHistory(tree)).rejects.toThrow('This clone is shallow');
  });
});

test('reads what was pinned at a commit', async () => {
  const repository = emptyRepository();
  const source = build(repository, 'Begin');
  const first = pin(repository, '1', source);
  pin(repository, '2', source);
  await inTree(repository, async (tree) => {
    expect(await readPinAt(tree, 'staging/web', first)).toEqual({ image: image('1'), source });
    expect(await readPinAt(tree, 'production/web', first)).toBeNull();
    expect(await readPinAt(tree, 'staging/web', 'f'.repeat(40))).toBeNull();
  });
});

test('tells how a release stands to the history', async () => {
  const repository = emptyRepository();
  const [first, second, third] = ['1', '2', '3'].map((subject) => build(repository, subject));
  if (first === undefined || second === undefined || third === undefined) throw new Error('There are three.');
  const read = (release: Pin): Promise<KnownRelease> =>
    inTree(repository, async (tree) => readHistory(tree, await readPinChanges(tree, 'staging/web'), release));

  expect(await read(wanted('1', first))).toMatchObject({ pinned: null, order: 'same', former: null, wasPinned: false });
  pin(repository, '1', first);
  pin(repository, '2', second);
  expect(await read(wanted('3', third))).toMatchObject({ order: 'newer', former: null, wasPinned: false });
  // What is older is superseded, whatever it was part of.
  expect(await read(wanted('1', first))).toMatchObject({ order: 'older', former: null, wasPinned: true });
  expect(await read(wanted('1', second))).toMatchObject({ order: 'same', former: null, wasPinned: false });
  pin(repository, '1', first);
  const back = wanted('2', second);
  expect(await read(back)).toEqual({
    wanted: back,
    pinned: wanted('1', first),
    order: 'newer',
    former: back,
    wasPinned: true,
    isInEffect: false,
  });
  pin(repository, '1-rebuilt', first);
  expect(await read(wanted('1', first))).toMatchObject({ order: 'same', wasPinned: true, isInEffect: true });
  repository.git('rm', '--quiet', pinPath('staging/web'));
  repository.commit('Take it away');
  expect(await read(wanted('4', first))).toMatchObject({
    pinned: null,
    former: wanted('1-rebuilt', first),
    wasPinned: false,
  });
});

test('finds the former release that a source is part of', async () => {
  const repository = emptyRepository();
  const [first, second, third] = ['1', '2', '3'].map((subject) => build(repository, subject));
  if (first === undefined || second === undefined || third === undefined) throw new Error('There are three.');
  pin(repository, '1', first);
  pin(repository, 'elsewhere', 'f'.repeat(40));
  pin(repository, '2', second);
  await inTree(repository, async (tree) => {
    const changes = await readPinChanges(tree, 'staging/web');
    const former = async (source: string) => (await formerRelease(tree, { image: image('?'), source }, changes))?.image;
    expect(await former(first)).toBe(image('2'));
    expect(await former(second)).toBe(image('2'));
    expect(await former(third)).toBeUndefined();
    expect(await former(await tree.git('rev-parse', 'HEAD'))).toBeUndefined();
  });
  // Of several, the newest tells.
  pin(repository, 'again', second);
  await inTree(repository, async (tree) => {
    const changes = await readPinChanges(tree, 'staging/web');
    expect(await formerRelease(tree, { image: image('?'), source: first }, changes)).toEqual({
      image: image('again'),
      source: second,
    });
    expect(await formerRelease(tree, { image: image('?'), source: first }, [])).toBeNull();
    const broken = { commit: 'c', isGone: false, pin: null };
    expect(await formerRelease(tree, { image: image('?'), source: first }, [broken])).toBeNull();
  });
});
