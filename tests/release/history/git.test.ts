import { expect, test } from 'vitest';
import { formatPin, pinPath } from '../../../apps/pins.ts';
import { readPinChanges } from '../../../release/history/pin-changes.ts';
import { sourceOrder } from '../../../release/history/source-order.ts';
import { formerRelease } from '../../../release/history/taken-back.ts';
import { type Tree, withTree } from '../../../release/publish/tree.ts';
import { emptyRepository, type Repository } from '../repository.ts';

const image = (tag: string): string => `web:${tag}@sha256:${'0'.repeat(64)}`;

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
  return repository.git('rev-parse', 'HEAD');
}

function pin(repository: Repository, tag: string, source: string): string {
  repository.write(pinPath('staging'), formatPin({ image: image(tag), source }));
  repository.commit(`Pin ${tag}`);
  return repository.git('rev-parse', 'HEAD');
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
  const merge = repository.git('rev-parse', 'HEAD');
  repository.write(pinPath('staging'), 'half a pin');
  repository.commit('Break it');
  repository.git('rm', '--quiet', pinPath('staging'));
  repository.commit('Take it away');

  const changes = await inTree(repository, (tree) => readPinChanges(tree, 'staging'));

  expect(changes.map(({ commit, text, pin: read }) => [commit, text === null, read?.image ?? null]).slice(2)).toEqual([
    [merge, false, image('3')],
    [first, false, image('1')],
  ]);
  expect(changes.slice(0, 2)).toMatchObject([
    { text: null, pin: null },
    { text: 'half a pin', pin: null },
  ]);
  expect(await inTree(repository, (tree) => readPinChanges(tree, 'production'))).toEqual([]);
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
    const changes = await readPinChanges(tree, 'staging');
    const former = async (source: string) => (await formerRelease(tree, { image: image('?'), source }, changes))?.image;
    expect(await former(first)).toBe(image('2'));
    expect(await former(second)).toBe(image('2'));
    expect(await former(third)).toBeUndefined();
  });
});
