import { describe, expect, test } from 'vitest';
import { page } from '../../../src/rehearse/report/page.ts';
import { lostOne, neverUp, passed, small } from './reports.ts';

describe.each([
  ['passed', passed],
  ['failed', lostOne],
  ['never came up', neverUp],
])('the page of a rehearsal that %s', (_, report) => {
  const html = page(report);

  test('needs nothing else: no address, no file, no script', () => {
    expect(html).not.toMatch(/https?:|\/\/[a-z]|@import|<script|<link|<img|<iframe|\ssrc=|\shref=/i);
    expect([...html.matchAll(/url\(([^)]*)\)/g)].every(([, target]) => target?.startsWith('#'))).toBe(true);
    expect(html).toContain('default-src &#39;none&#39;');
  });

  test('names every picture for those who do not see it, and gives no name twice', () => {
    const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    const labels = [...html.matchAll(/aria-labelledby="([^"]*)"/g)].flatMap(([, names]) => names?.split(' ') ?? []);

    expect(new Set(ids).size).toBe(ids.length);
    expect(labels.length).toBe(2 * [...html.matchAll(/<svg /g)].length);
    for (const label of labels) expect(ids).toContain(label);
  });

  test('closes every element that it opens', () => {
    const open = [...html.matchAll(/<([a-z]+)(?:\s[^>]*[^/>]|)>/g)]
      .map(([, name]) => name)
      .filter((name) => name !== 'meta');
    const close = [...html.matchAll(/<\/([a-z]+)>/g)].map(([, name]) => name);
    expect(open.toSorted()).toEqual(close.toSorted());
  });
});

test('says the verdict, the figures and the reasons', () => {
  const html = page(lostOne);

  expect(html).toContain('<h1>✗ Rehearsal failed</h1>');
  expect(html).toContain('1 of 360 requests lost.');
  expect(html).toContain('Why the verdict is no');
  expect(html).toContain('1 of 360 requests failed: 1 ECONNRESET.');
  expect(page(small)).not.toContain('Why the verdict is no');
});

test('shows the control beside ours, and leaves it out where none was played', () => {
  expect(page(small)).toContain(
    '<summary>The control, the settings of the original, lost 1 of 360 requests.</summary>',
  );
  expect(page({ ...small, control: null })).not.toContain('the control');
});

test('names what was not run, and what the cluster warned of', () => {
  const warning = { atMs: 5, kind: 'warning', object: 'Pod/web-1', reason: 'BackOff', message: '<b>no</b>' } as const;
  const html = page({ ...neverUp, timeline: [warning] });

  expect(html).toContain('Applied and not run, because the target can’t: NetworkPolicy/web.');
  expect(html).toContain('0.0 s: Pod/web-1: BackOff: &lt;b&gt;no&lt;/b&gt;');
  expect(html).toContain('1 warning of the cluster');
});

test('says of a run that failed for something else why it failed, before it counts what was lost', () => {
  const reasons = ['The release of v2 never completed.\nLast words of pod web-1:\n  out of memory'];
  const [, header = ''] =
    /<header class="failed">(.*?)<\/header>/s.exec(page({ ...small, verdict: 'failed', reasons })) ?? [];
  expect(header.indexOf('✗ Rehearsal failed')).toBeLessThan(header.indexOf('The release of v2 never completed.'));
  expect(header.indexOf('never completed')).toBeLessThan(header.indexOf('0 of 360 requests lost'));
  expect(page({ ...small, reasons })).toContain('<pre>Last words of pod web-1:\n  out of memory</pre>');
});
