import { expect, test } from 'vitest';
import { instrument, type Mutant } from './instrument.ts';
import { type CollectedTest, load, mutation, passes } from './suite.ts';

/**
 * Mutates the rules, or what FOLDER names below src/guard (several by commas), and asks the guard's tests of each mutant in one
 * process. Stryker's own runner takes a second for a mutant, and cannot ask for those of what a module computes when it is
 * loaded, such as a table of a rule: here the modules are loaded anew for them.
 */
test('the tests notice nine of ten mutants', { timeout: 0 }, async () => {
  const folders = (process.env['FOLDER'] ?? 'rules/').split(',');
  const { mutants, guard, tests: bundle } = await instrument(folders);
  const { mutantCoverage: coverage } = mutation;
  load(guard);
  const ofLoading = new Set(Object.keys(coverage.static));
  const tests = load(bundle);
  const costs = await costsOf(tests);
  const covering = new Map<string, number[]>();
  for (const [index, hits] of Object.entries(coverage.perTest)) {
    for (const id of Object.keys(hits)) covering.set(id, [...(covering.get(id) ?? []), Number(index)]);
  }
  const kills = new Map<string, number>();
  const survivors: Mutant[] = [];
  for (const mutant of mutants) {
    const isOfLoading = ofLoading.has(mutant.id);
    const rank = (index: number): number => (kills.get(`${mutant.file} ${index}`) ?? 0) / (costs[index] ?? 1);
    const asked = (isOfLoading ? tests.map((_, index) => index) : (covering.get(mutant.id) ?? [])).toSorted(
      (a, b) => rank(b) - rank(a) || (costs[a] ?? 0) - (costs[b] ?? 0),
    );
    const killer = await killerOf(mutant, asked, () => (isOfLoading ? load(bundle) : tests));
    if (killer === null) survivors.push(mutant);
    else kills.set(`${mutant.file} ${killer}`, (kills.get(`${mutant.file} ${killer}`) ?? 0) + 1);
  }
  report(mutants, survivors, ofLoading);
  expect(survivors.length).toBeLessThanOrEqual(mutants.length / 10);
});

/** Runs each test without a mutant, which records what it runs through, and returns how long each took, in milliseconds. */
async function costsOf(tests: readonly CollectedTest[]): Promise<readonly number[]> {
  const costs: number[] = [];
  for (const [index, one] of tests.entries()) {
    mutation.currentTestId = String(index);
    const start = performance.now();
    if (!(await passes(one))) throw new Error(`${one.name} fails without a mutant.`);
    costs.push(performance.now() - start);
  }
  mutation.currentTestId = undefined;
  return costs;
}

/** The first test that fails with a mutant; -1 where the modules can't even be loaded, and null where all pass. */
async function killerOf(
  { id }: Mutant,
  asked: readonly number[],
  loaded: () => readonly CollectedTest[],
): Promise<number | null> {
  // More than any honest run, so that a loop without an end becomes an error.
  Object.assign(mutation, { activeMutant: id, hitCount: 0, hitLimit: 1_000_000 });
  try {
    const tests = loaded();
    for (const index of asked) {
      mutation.hitCount = 0;
      const one = tests[index];
      if (one === undefined || !(await passes(one))) return index;
    }
    return null;
  } catch {
    return -1;
  } finally {
    mutation.activeMutant = undefined;
  }
}

function report(mutants: readonly Mutant[], survivors: readonly Mutant[], ofLoading: ReadonlySet<string>): void {
  const lines = survivors.map(
    ({ file, line, original, replacement }) => `${file}:${line}: ${original} => ${replacement.replaceAll(/\s+/g, ' ')}`,
  );
  for (const file of new Set(mutants.map((mutant) => mutant.file))) {
    const isHere = (mutant: Mutant): boolean => mutant.file === file;
    lines.push(`${file}: ${share(mutants.filter(isHere), survivors.filter(isHere))}`);
  }
  const isOfRun = ({ id }: Mutant): boolean => !ofLoading.has(id);
  lines.push(`Without what is computed at load: ${share(mutants.filter(isOfRun), survivors.filter(isOfRun))}`);
  lines.push(`All: ${share(mutants, survivors)}`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

function share(all: readonly Mutant[], left: readonly Mutant[]): string {
  const killed = all.length - left.length;
  return `${killed} of ${all.length} killed (${((100 * killed) / Math.max(1, all.length)).toFixed(1)} %)`;
}
