import { expect, test } from 'vitest';
import { codeOwners, codeOwnersPath } from '../../github/code-owners.ts';

const owners = { developers: '@acme/everybody', platform: '@acme/sre @ada', promotions: '@acme/on-call' };
const environments = [{ name: 'qa' }, { name: 'canary', after: 'qa' }, { name: 'live', after: 'canary' }];

/** The lines that name somebody, with one space between their words. */
function lines(settings: Parameters<typeof codeOwners>[0]): string[] {
  const text = codeOwners(settings).get(codeOwnersPath) ?? '';
  return text
    .split('\n')
    .filter((line) => line.includes('@'))
    .map((line) => line.replaceAll(/ +/g, ' '));
}

test('a service belongs to the developers, and what changes the cluster to the platform', () => {
  const all = lines({ owners, environments });
  expect(all[0]).toBe('* @acme/everybody');
  expect(all).toEqual(expect.arrayContaining(['/.github/ @acme/sre @ada', '/settings.ts @acme/sre @ada']));
});

test('each environment that is promoted to has its own, below the lines of the platform: the last one counts', () => {
  expect(lines({ owners, environments }).slice(-4)).toEqual([
    '/apps/images/canary/ @acme/on-call',
    '/manifests/canary/ @acme/on-call',
    '/apps/images/live/ @acme/on-call',
    '/manifests/live/ @acme/on-call',
  ]);
  const single = lines({ owners, environments: [{ name: 'live' }] });
  expect(single.some((line) => line.includes('@acme/on-call'))).toBe(false);
});

test('a long name keeps its owner apart', () => {
  const name = 'a'.repeat(20);
  expect(lines({ owners, environments: [{ name: 'qa' }, { name, after: 'qa' }] })).toContain(
    `/apps/images/${name}/ @acme/on-call`,
  );
});

test('without owners the file is written by hand', () => {
  expect([...codeOwners({ environments })]).toEqual([]);
});
