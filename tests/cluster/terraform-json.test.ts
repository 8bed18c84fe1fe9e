import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { loadProject } from '../../apps/project.ts';
import { clustersOf } from '../../cluster/cluster-project.ts';
import { compose, stacksOf } from '../../cluster/synthesize.ts';
import { snapshotPath, snapshotText } from '../../cluster/terraform-json.ts';

const clusters = clustersOf(await loadProject('.'));
const stacks = clusters.flatMap((cluster) =>
  [...stacksOf(compose(cluster))].map(([stack, json]) => [snapshotPath(cluster.folder, stack), json] as const),
);

test.each(stacks)('%s is what settings.ts makes', async (path, json) => {
  // Changed on purpose? npm run synth writes it anew.
  await expect(snapshotText(json)).toMatchFileSnapshot(`../../${path}`);
  await expect(readFile(path, 'utf8')).resolves.toMatch(/^\{\n {2}"terraform": \{/);
});

test('leaves out what CDKTF remarks for itself', () => {
  expect(
    snapshotText({ '//': { metadata: {} }, resource: { x: { a: { '//': 1, list: [{ '//': 2, kept: true }] } } } }),
  ).toBe(
    '{\n  "resource": {\n    "x": {\n      "a": {\n        "list": [\n          {\n            "kept": true\n          }\n        ]\n      }\n    }\n  }\n}\n',
  );
});
