import { expect, test } from 'vitest';
import { edited, linesAgainst, rulesAgainst, web } from '../rendered.ts';

const from = (...ranges: readonly string[]): string =>
  edited(web, '  type: LoadBalancer\n', `  type: LoadBalancer\n  loadBalancerSourceRanges: [${ranges.join(', ')}]\n`);

test('refuses to let in fewer than everyone', () => {
  expect(linesAgainst(web, from('10.0.0.0/8'))).toEqual([
    'senders-narrowed | loadBalancerSourceRanges: [10.0.0.0/8] | Service web-staging/web lets in none but 10.0.0.0/8. Who sent from elsewhere is cut off at once, and every pod stays ready: keep them in loadBalancerSourceRanges',
  ]);
});

test('refuses to take a range away', () => {
  expect(linesAgainst(from('10.0.0.0/8', '192.0.2.0/24'), from('10.0.0.0/8'))).toEqual([
    expect.stringContaining('web no longer lets 192.0.2.0/24 in. '),
  ]);
});

test('lets more in', () => {
  expect(rulesAgainst(from('10.0.0.0/8'), from('10.0.0.0/8', '192.0.2.0/24'))).toEqual([]);
  expect(rulesAgainst(from('10.0.0.0/8'), web)).toEqual([]);
  expect(rulesAgainst(from('10.0.0.0/8'), from('0.0.0.0/0'))).toEqual([]);
});
