import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { modulesOf } from './modules.ts';

const lines = readFileSync('.github/CODEOWNERS', 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split(/\s+/));

/** The last line that matches a path counts. */
function owner(path: string): string | undefined {
  return lines.findLast(([pattern = '']) => pattern === '*' || path.startsWith(pattern.slice(1)))?.[1];
}

test.each([
  'cluster/main.ts',
  'argocd/project.yaml',
  'release/main.ts',
  '.github/workflows/release.yaml',
  '.github/CODEOWNERS',
])('%s belongs to the platform team', (path) => {
  expect(owner(path)).toBe('@example/platform');
});

test('what runs beside a key or an identity belongs to the platform team', () => {
  const run = modulesOf('release/main.ts', 'pipeline/main.ts', 'checks/main.ts', 'cluster/main.ts');
  // What npm, Node.js and tsx read before any of it.
  const before = ['package.json', 'package-lock.json', '.npmrc', 'tsconfig.json'];

  expect(run).toContain('git/environment.ts');
  expect(run).toContain('apps/pins.ts');
  for (const path of [...run, ...before, 'vitest.config.ts', '.ci/run']) {
    expect([path, owner(path)]).toEqual([path, '@example/platform']);
  }
});

test('a promotion needs the team of production, a change of the service does not', () => {
  expect(owner('manifests/production/web.yaml')).toBe('@example/production');
  expect(owner('manifests/staging/web.yaml')).toBe('@example/developers');
});

test('every path that has an owner is there, but for pins that no release has made yet', () => {
  const paths = lines
    .map(([pattern = '']) => pattern.slice(1))
    .filter((path) => path !== '' && !path.startsWith('apps/images/'));

  for (const path of paths) expect([path, existsSync(path)]).toEqual([path, true]);
});
