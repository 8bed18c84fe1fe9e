import { expect, test } from 'vitest';
import { crossings } from '../../checks/boundary.ts';

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
