import { expect, test } from 'vitest';
import { standalonePicture } from '../../../../src/rehearse/report/picture/picture.ts';
import { lostOne, neverUp, passed, small } from '../reports.ts';

test('is a file of its own: its style is in it, and it loads nothing', () => {
  const svg = standalonePicture(passed);

  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  expect(svg).toContain('prefers-color-scheme:dark');
  expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|href|@import|<script|<image/);
  expect(svg).not.toContain('NaN');
});

test('tells in words what it shows', () => {
  const [, words] = /<desc[^>]*>([^<]*)</.exec(standalonePicture(small)) ?? [];
  expect(words).toBe(
    '0 of 360 requests lost. ' +
      'The release of v2, pushed at 2.0 s, lost 0 requests, was synced after 0.5 s, answered first after 3.0 s, was rolled out after 4.0 s, had no old pod after 6.0 s, and had at least 2 of 2 pods ready. ' +
      'The revert of v1, pushed at 10.0 s, lost 0 requests, was synced after 0.5 s, answered first after 3.1 s, was rolled out after 4.0 s, had no old pod after 6.0 s, and had at least 2 of 2 pods ready.',
  );
});

test('marks each moment of a rollout', () => {
  const svg = standalonePicture(small);
  for (const mark of [
    'release: v1 → v2',
    'synced 0.5 s',
    'first answer 3.0 s',
    'rolled out 4.0 s',
    'old pods gone 6.0 s',
  ]) {
    expect(svg).toContain(`>${mark}</text>`);
  }
});

test('a single lost request has a bar, a cross and a count', () => {
  const before = standalonePicture({ ...small, control: null });
  const after = standalonePicture({ ...lostOne, control: null });

  expect(before).not.toContain('class="lost"');
  expect(after).toMatch(/<rect class="lost"[^>]* height="5.[0-9]"/);
  expect(after).toContain('>1 lost</text>');
  expect(after.split('class="cross"').length).toBe(before.split('class="cross"').length + 1);
});

test('has the control below it, where one was played', () => {
  expect(standalonePicture(small)).toContain('The control, the settings of the original');
  expect(standalonePicture({ ...small, control: null })).not.toContain('The control');
});

test('a play without a load has a picture too', () => {
  expect(standalonePicture(neverUp)).not.toMatch(/NaN|Infinity|undefined/);
});
