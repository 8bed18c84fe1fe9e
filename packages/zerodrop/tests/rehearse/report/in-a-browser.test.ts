import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { page } from '../../../src/rehearse/report/page.ts';
import { standalonePicture } from '../../../src/rehearse/report/picture/picture.ts';
import type { Report } from '../../../src/rehearse/report/schema.ts';
import { lostOne, neverUp, passed } from './reports.ts';

const browser = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync('which', [name]).status === 0,
);
const folder = mkdtempSync(path.join(tmpdir(), 'zerodrop-browser-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

/** A release that its revert follows at once, and that loses requests all along: as crowded as a picture gets. */
const crowded: Report = {
  ...passed,
  verdict: 'failed',
  reasons: ['The release of v2 never completed.'],
  rollouts: passed.rollouts.map((rollout, n) => ({
    ...rollout,
    committedAtMs: 20_000 + n * 5_000,
    firstAnswerAfterMs: 900,
    completeAfterMs: 4_000,
    lastOldPodGoneAfterMs: 4_900,
  })),
  timeline: passed.timeline.map((entry, n) =>
    entry.kind === 'requests' && n % 3 === 0 ? { ...entry, failed: 7 } : entry,
  ),
};

/** What of a document can be seen to be wrong: words on words, and what is wider than its window. Runs in the browser. */
const measure = `(document) => {
  for (const folded of document.querySelectorAll('details')) folded.open = true;
  const texts = [...document.querySelectorAll('svg text, h1, h2, p, li, figcaption')]
    .map((node) => ({ said: node.textContent, box: node.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0 && box.height > 0);
  const over = (one, other) =>
    Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left) > 1 &&
    Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top) > 4;
  const overlaps = texts.flatMap((one, n) =>
    texts.slice(n + 1).filter((other) => over(one, other)).map((other) => one.said + ' on ' + other.said));
  const { scrollWidth, clientWidth } = document.documentElement;
  const figure = document.querySelector('.figure');
  const colour = (node) => (node === null ? '' : document.defaultView.getComputedStyle(node).color);
  const isLoud = figure !== null && colour(figure) !== colour(document.body);
  return [...overlaps, ...(scrollWidth > clientWidth ? ['wider than its window: ' + scrollWidth] : []),
    ...(isLoud ? ['the count of losses has the colour of a failure'] : [])];
}`;

/** Shows documents in frames of a page, each in its width, and returns what is wrong in each. */
function seen(program: string, documents: readonly { readonly html: string; readonly width: number }[]): unknown {
  const frames = documents.map(
    ({ html, width }) =>
      `<iframe style="width:${width}px;height:3000px;border:0" srcdoc="${html.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></iframe>`,
  );
  const script = `addEventListener('load', () => {
    const found = [...document.querySelectorAll('iframe')].map((frame) => (${measure})(frame.contentDocument));
    document.body.replaceChildren(JSON.stringify(found));
  });`;
  const file = path.join(folder, 'frames.html');
  writeFileSync(file, `<!doctype html><meta charset="utf-8"><script>${script}</script><body>${frames.join('')}`);
  const options = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${path.join(folder, 'profile')}`];
  const dumped = execFileSync(program, [...options, '--dump-dom', pathToFileURL(file).href], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 25_000,
  });
  const [, found = '[]'] = /<body>(.*)<\/body>/s.exec(dumped) ?? [];
  return JSON.parse(found.replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&amp;', '&'));
}

test.skipIf(browser === undefined)(
  'no words lie on others, on a phone and on a desk, in the page and in the picture',
  () => {
    const reports = [passed, lostOne, neverUp, crowded];
    const pages = [390, 1_280].flatMap((width) => reports.map((report) => ({ html: page(report), width })));
    const pictures = reports.map((report) => ({ html: standalonePicture(report), width: 1_000 }));
    const documents = [...pages, ...pictures];

    expect(seen(browser ?? '', documents)).toEqual(documents.map(() => []));
  },
);
