import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { anchorsOf, brokenLinks, relativeLinks } from '../../checks/links.ts';

test('only relative links of the prose count', () => {
  const markdown = [
    '[a](docs/a.md#part) ![p](docs/p.svg "title") <img src="docs/q.svg">',
    '[web](https://example.org) [mail](mailto:a@example.org) [here](#below)',
    '```sh\n[not](a-link.md)\n```',
    '1. a step\n   ```sh\n   [not](this.md)\n   ```',
    'and `[not](this.md)` either',
  ].join('\n');

  expect(relativeLinks(markdown)).toEqual([
    { file: 'docs/a.md', anchor: 'part' },
    { file: 'docs/p.svg', anchor: '' },
    { file: 'docs/q.svg', anchor: '' },
    { file: '', anchor: 'below' },
  ]);
});

test('a heading is named as GitHub names it', () => {
  const markdown = [
    '# By Argo CD, in an emergency',
    '### `services.NAME.build`',
    '## 8. Looking at [Argo CD](argo.md)',
    '## Twice',
    '## Twice',
    '```sh\n# a comment\n```',
  ].join('\n');

  expect([...anchorsOf(markdown)]).toEqual([
    'by-argo-cd-in-an-emergency',
    'servicesnamebuild',
    '8-looking-at-argo-cd',
    'twice',
    'twice-1',
  ]);
});

test('a link that leads nowhere is named with its file', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'zerodrop-links-'));
  try {
    execFileSync('git', ['init', '--quiet', directory]);
    const links = '[there](README.md#top) [gone](docs/gone.md) [no heading](README.md#gone) [nor here](#below)';
    await writeFile(path.join(directory, 'README.md'), `# Top\n${links}`);

    expect(await brokenLinks(directory)).toEqual([
      'README.md links to docs/gone.md, which is not there.',
      'README.md links to #gone of README.md, which has no such heading.',
      'README.md links to #below of README.md, which has no such heading.',
    ]);
  } finally {
    await rm(directory, { recursive: true });
  }
});
