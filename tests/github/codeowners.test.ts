import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pinPath } from '../../apps/pins.ts';
import { settings } from '../../settings.ts';
import { firstOf } from '../../settings/settings.ts';
import { modulesOf } from './modules.ts';

/** A line of CODEOWNERS. Whom it names is the owner's choice: these tests only ask which line decides. */
interface Line {
  readonly pattern: string;
  readonly owners: string;
}

const lines: readonly Line[] = readFileSync('.github/CODEOWNERS', 'utf8')
  .split('\n')
  .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
  .filter((line) => line !== '')
  .map((line) => {
    const [pattern = '', ...owners] = line.split(/\s+/);
    return { pattern, owners: owners.toSorted().join(' ') };
  });

/** GitHub's patterns, which are those of .gitignore but for `!` and `[ ]`. */
function matches(pattern: string, path: string): boolean {
  const isAnchored = pattern.slice(0, -1).includes('/');
  const glob = pattern
    .replaceAll(/^\/|\/$/g, '')
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('?', '[^/]')
    .replaceAll(/\*+/g, (stars) => (stars === '*' ? '[^/]*' : '.*'));
  // `docs/*` are the files of that folder alone; everything else stands for what is below it as well.
  return new RegExp(`${isAnchored ? '^' : '(?:^|/)'}${glob}${pattern.endsWith('/*') ? '$' : '(?:/|$)'}`).test(path);
}

/** The last line that matches a path decides. */
function deciding(path: string): Line {
  const found = lines.findLast(({ pattern }) => matches(pattern, path));
  if (found === undefined) throw new Error(`No line of CODEOWNERS matches ${path}.`);
  return found;
}

const platform = deciding('.github/workflows/release.yaml');

test('the workflows and CODEOWNERS itself have an owner', () => {
  expect(platform.owners).not.toBe('');
  expect(deciding('.github/CODEOWNERS').owners).toBe(platform.owners);
});

test('what runs beside a key or an identity has the same owner as the workflows', () => {
  const run = modulesOf('release/main.ts', 'pipeline/main.ts', 'checks/main.ts', 'apps/main.ts', 'apps/synthesize.ts');
  // What npm, Node.js and tsx read before any of it.
  const before = ['package.json', 'package-lock.json', '.npmrc', 'tsconfig.json'];

  expect(run).toContain('packages/zerodrop/src/git.ts');
  expect(run).toContain('apps/pins.ts');
  expect(run).toContain('packages/zerodrop/src/guard/index.ts');
  for (const path of [...run, ...before, 'argocd/web.project.yaml', 'vitest.config.ts', '.ci/run']) {
    expect([path, deciding(path)]).toEqual([path, { ...deciding(path), owners: platform.owners }]);
  }
});

test('a promotion has an owner, of its pin and of its manifests alike', () => {
  const last = settings.environments.at(-1)?.name ?? '';
  const service = firstOf(settings.services).name;
  const [pin, manifests] = [
    deciding(pinPath(`${last}/${service}`)),
    deciding(`manifests/${last}/${service}/${service}.yaml`),
  ];

  expect(pin.owners).toBe(manifests.owners);
  expect(pin.owners).not.toBe('');
});

test('every path that has an owner is there, but for pins that no release has made yet', () => {
  const paths = lines
    .map(({ pattern }) => pattern.replace(/^\//, ''))
    .filter((path) => !/[*?]/.test(path) && !path.startsWith('apps/images/'));

  for (const path of paths) expect([path, existsSync(path)]).toEqual([path, true]);
});
