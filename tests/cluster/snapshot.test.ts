import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { loadProject } from '../../apps/load.ts';
import { snapshotPath, snapshotText } from '../../cluster/snapshot.ts';
import { stackNames } from '../../cluster/stacks/open-stack.ts';
import { stacksFor } from './sample.ts';

test.each(stackNames)('what is committed of %s is what settings.ts makes', async (stack) => {
  // Changed on purpose? npm run synth writes it anew.
  const json = stacksFor(await loadProject('.')).get(stack);
  await expect(snapshotText(json ?? {})).toMatchFileSnapshot(`../../${snapshotPath(stack)}`);
  await expect(readFile(snapshotPath(stack), 'utf8')).resolves.toMatch(/^\{\n {2}"terraform": \{/);
});

test('leaves out what CDKTF remarks for itself', () => {
  expect(
    snapshotText({ '//': { metadata: {} }, resource: { x: { a: { '//': 1, list: [{ '//': 2, kept: true }] } } } }),
  ).toBe(
    '{\n  "resource": {\n    "x": {\n      "a": {\n        "list": [\n          {\n            "kept": true\n          }\n        ]\n      }\n    }\n  }\n}\n',
  );
});
