// Mutates one folder of the source and asks the tests that mirror it: FOLDER=release/history npm run mutate
const folder = process.env['FOLDER'];
if (folder === undefined && process.argv.includes('run')) {
  throw new Error('FOLDER is not set. Name a folder of the source, such as FOLDER=release/history npm run mutate.');
}

// A package keeps its tests beside its source, and not in the repository's.
const tests = folder?.startsWith('packages/')
  ? folder.replace(/^(packages\/[^/]+)\/.*$/, '$1/tests')
  : `tests/${folder}`;

export default {
  testRunner: 'vitest',
  mutate: [`${folder}/**/*.ts`],
  testFiles: [`${tests}/**/*.test.ts`],
  vitest: { related: false },
  coverageAnalysis: 'perTest',
  // The tests share loaded modules, so a mutant of what a module computes when it is loaded would never be asked for.
  ignoreStatic: true,
  reporters: ['clear-text', 'progress'],
  clearTextReporter: { reportTests: false, allowColor: false },
  // Stryker would rewrite tsconfig.json with an API that TypeScript 7 does not have, and no test reads that file.
  tsconfigFile: 'none',
  tempDirName: 'reports/mutation',
  ignorePatterns: ['reports', 'dist', 'cdktf.out'],
  timeoutMS: 20_000,
};
