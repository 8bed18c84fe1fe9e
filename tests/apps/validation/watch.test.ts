import { expect, test } from 'vitest';
import { watch } from '../../../apps/validation/watch.ts';

interface Tree {
  readonly a: { readonly b: number; readonly c: number };
  readonly list: readonly { readonly x: number; readonly y?: number }[];
  readonly free: object;
}

test('tells the fields that nobody looked at', () => {
  const tree = { a: { b: 1, c: 2 }, list: [{ x: 1 }, { x: 2, y: 3 }], free: { any: 1 }, extra: { deep: 1 } };
  const watched = watch(tree);
  const seen = watched.document as Tree;
  expect(seen.a.b + seen.list.map(({ x }) => x).length).toBe(3);
  expect(seen.free).toBeTypeOf('object');
  expect(watched.unseen()).toEqual([
    { path: 'a.c', value: 2 },
    { path: 'list[1].y', value: 3 },
    { path: 'extra', value: { deep: 1 } },
  ]);
});

test('lets an object hold anything that nobody looked into', () => {
  const watched = watch({ free: { any: { thing: 1 } } });
  expect(Object.hasOwn(watched.document, 'free')).toBe(true);
  expect((watched.document as Tree).free).toBeDefined();
  expect(watched.unseen()).toEqual([]);
});

test('shows what it watches unchanged', () => {
  const tree = { list: [1, 2], text: 'x', none: null };
  expect(structuredClone(JSON.parse(JSON.stringify(watch(tree).document)))).toEqual(tree);
  expect(Array.isArray((watch(tree).document as Tree).list)).toBe(true);
});
