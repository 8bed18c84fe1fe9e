import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { brokenLinks, relativeLinks } from '../../checks/links.ts';

test('only relative links of the prose count, without their anchors', () => {
  const markdown = [
    '[a](docs/a.md#part) ![p](docs/p.svg "title") <img src="docs/q.svg">',
    '[web](https://example.org) [mail](mailto:a@example.org) [here](#below)',
    '```sh\n[not](a-link.md)\n```',
    'and `[not](this.md)` either',
  ].join('\n');

  expect(relativeLinks(markdown)).toEqual(['docs/a.md', 'docs/p.svg', 'docs/q.svg']);
});

test('a link that leads nowhere is named with its file', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'zerodrop-links-'));
  try {
    execFileSync('git', ['init', '--quiet', directory]);
    await writeFile(path.join(directory, 'README.md'), '[there](README.md) [gone](docs/gone.md)');

    expect(await brokenLinks(directory)).toEqual(['README.md links to docs/gone.md, which is not there.']);
  } finally {
    await rm(directory, { recursive: true });
  }
});
