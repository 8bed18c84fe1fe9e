import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { licenceProblems, licenceReport, packagesOf } from '../../pipeline/summary.ts';

const lockfile = {
  packages: {
    '': { version: '0.1.0', license: 'Apache-2.0' },
    'node_modules/express': { version: '5.3.0', license: 'MIT' },
    'node_modules/@scope/tool': { version: '1.0.0', license: 'MPL-2.0', dev: true },
    'node_modules/@scope/tool/node_modules/ms': { version: '2.1.3', license: 'MIT', dev: true },
    'node_modules/ms': { version: '2.1.3', license: 'MIT' },
    'node_modules/silent': { version: '3.0.0', dev: true },
  },
};

test('a package counts once a version, and ships when any copy of it does', () => {
  expect(packagesOf(lockfile)).toEqual([
    { name: '@scope/tool', version: '1.0.0', licence: 'MPL-2.0', ships: false },
    { name: 'express', version: '5.3.0', licence: 'MIT', ships: true },
    { name: 'ms', version: '2.1.3', licence: 'MIT', ships: true },
    { name: 'silent', version: '3.0.0', licence: 'none', ships: false },
  ]);
});

test('a package without a licence is refused by name', () => {
  expect(licenceProblems(packagesOf(lockfile))).toEqual([
    'silent 3.0.0 is a tool and its licence is none. Use another, or allow it in pipeline/licences.ts.',
  ]);
});

test('a tool may be under a licence that nothing shipped may be under', () => {
  const tool = { name: 'a', version: '1', licence: 'MPL-2.0', ships: false };

  expect(licenceProblems([tool])).toEqual([]);
  expect(licenceProblems([{ ...tool, ships: true }])).toHaveLength(1);
});

test('one choice of several is enough, every part of a pair is needed', () => {
  const shipped = { name: 'a', version: '1', ships: true };

  expect(licenceProblems([{ ...shipped, licence: '(GPL-3.0-only OR MIT)' }])).toHaveLength(0);
  expect(licenceProblems([{ ...shipped, licence: 'MIT AND GPL-3.0-only' }])).toHaveLength(1);
});

test('the report counts each licence and names what ships', () => {
  const report = licenceReport(packagesOf(lockfile));

  expect(report).toContain('| MIT | 2 | 0 |');
  expect(report).toContain('| express 5.3.0 | MIT |');
  expect(report).not.toContain('| @scope/tool');
});

test('everything in our own lockfile is allowed', async () => {
  const ours = packagesOf(JSON.parse(await readFile('package-lock.json', 'utf8')));

  expect(ours.length).toBeGreaterThan(100);
  expect(licenceProblems(ours)).toEqual([]);
});
