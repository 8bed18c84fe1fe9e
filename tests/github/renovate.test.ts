import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface PackageRule {
  readonly description: string;
  readonly matchPackageNames?: readonly string[];
  readonly allowedVersions?: string;
  readonly enabled?: boolean;
}

interface CustomManager {
  readonly depNameTemplate: string;
  readonly managerFilePatterns: readonly string[];
  readonly matchStrings: readonly string[];
}

interface Renovate {
  readonly packageRules: readonly PackageRule[];
  readonly customManagers: readonly CustomManager[];
}

const { packageRules, customManagers }: Renovate = JSON.parse(readFileSync('renovate.json', 'utf8'));
const versions: Readonly<Record<string, string>> = Object.assign(
  {},
  ...['package.json', 'packages/zerodrop/package.json'].map((file) => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(file, 'utf8'));
    return { ...dependencies, ...devDependencies };
  }),
);
const ruled = packageRules.flatMap(({ matchPackageNames = [] }) => matchPackageNames);

/** Renovate's globs, as far as they are used: everything of a scope. */
function covers(pattern: string, name: string): boolean {
  return pattern.endsWith('/**') ? name.startsWith(pattern.slice(0, -2)) : pattern === name;
}

test('every package belongs to a rule, and every rule to a package', () => {
  const names = Object.keys(versions);

  expect(names.filter((name) => !ruled.some((pattern) => covers(pattern, name)))).toEqual([]);
  expect(ruled.filter((pattern) => !names.some((name) => covers(pattern, name)))).toEqual([]);
});

test('archived packages are pinned exactly and left alone', () => {
  const archived = packageRules.find(({ enabled }) => enabled === false)?.matchPackageNames ?? [];

  expect(archived).toEqual(['cdktf', '@cdktf/provider-google', '@cdktf/provider-helm']);
  for (const name of archived) expect(versions[name]).toMatch(/^\d+\.\d+\.\d+$/);
});

test('what is installed is within the versions that are allowed', () => {
  const limited = packageRules.filter(({ allowedVersions }) => allowedVersions !== undefined);

  expect(limited).not.toEqual([]);
  for (const { matchPackageNames = [], allowedVersions = '' } of limited) {
    for (const name of matchPackageNames) {
      expect(Number.parseInt(versions[name] ?? '', 10)).toBeLessThan(Number(allowedVersions.replace('<', '')));
    }
  }
});

test.each(customManagers)(
  '$depNameTemplate is found where its version stands',
  ({ managerFilePatterns, matchStrings }) => {
    const files = managerFilePatterns.map((pattern) => pattern.slice(2, -2).replaceAll('\\', ''));
    const found = files.map((file) => {
      const text = readFileSync(file, 'utf8');
      return matchStrings.flatMap((match) => new RegExp(match).exec(text)?.groups?.['currentValue'] ?? []);
    });

    const [version = []] = found;
    expect(version).toEqual([expect.stringMatching(/^\d+(\.\d+\.\d+)?$/)]);
    expect(found).toEqual(files.map(() => version));
  },
);
