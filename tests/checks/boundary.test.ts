import { expect, test } from 'vitest';
import { crossings, tooManySources } from '../../checks/links.ts';

test('finds imports that leave a package or reach into one by a path', () => {
  expect(crossings('packages/a/src/x.ts', "import { y } from '../../../apps/y.ts';\n")).toEqual([
    expect.stringContaining('packages/a/src/x.ts imports ../../../apps/y.ts, across the border of packages/a.'),
  ]);
  expect(crossings('release/x.ts', "const y = await import('../packages/a/src/y.ts');\n")).toEqual([
    expect.stringContaining('Import it by the name of the package, a.'),
  ]);
});

test('lets names and paths within a package pass', () => {
  expect(crossings('release/x.ts', "import { guard } from 'zerodrop/guard';\nimport './y.ts';\n")).toEqual([]);
  expect(crossings('packages/a/tests/x.test.ts', "export { y } from '../src/y.ts';\n")).toEqual([]);
});

test('counts source files, and no tests, pages or files of an owner', () => {
  const files = [
    'release/a.ts',
    'b/c.mjs',
    'settings.ts',
    'apps/services/web.ts',
    'service/own.ts',
    'tests/d.ts',
    'packages/e/tests/f.ts',
    'g.md',
    'h.svg',
  ];
  expect(tooManySources(files, 2)).toEqual([]);
  expect(tooManySources(files, 1)).toEqual([
    'There are 2 source files, and 1 are the most. Merge small ones that hold one idea.',
  ]);
});
