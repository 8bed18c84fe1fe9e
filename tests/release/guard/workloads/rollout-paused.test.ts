import { expect, test } from 'vitest';
import { edited, linesAgainst, rulesAgainst, web } from '../rendered.ts';

const paused = edited(web, '  replicas: 3\n', '  paused: true\n  replicas: 3\n');

test('refuses a Deployment that is paused', () => {
  expect(linesAgainst(web, paused)).toEqual([
    'rollout-paused | paused: true | Deployment web-staging/web is paused. It rolls nothing out, and when something is wrong nothing back: take paused away, and hold a release back by not merging it',
  ]);
});

test('refuses a release to one that was paused before, and lets it go on', () => {
  expect(rulesAgainst(paused, edited(paused, ':1.2.3@', ':1.2.4@'))).toEqual(['rollout-paused']);
  expect(rulesAgainst(paused, web)).toEqual([]);
  expect(rulesAgainst(web, edited(paused, 'paused: true', 'paused: false'))).toEqual([]);
});
