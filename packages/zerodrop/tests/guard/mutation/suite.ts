import { createRequire } from 'node:module';
import path from 'node:path';
import type { Script } from 'node:vm';
import { expect } from 'vitest';
import { packageFolder } from './instrument.ts';

/** Code that the tests hand over, run until it throws. */
type Body = (...values: readonly unknown[]) => unknown;

/** A test that a bundle registered when it was loaded. */
export interface CollectedTest {
  readonly name: string;
  readonly body: () => unknown;
}

/** What Stryker's mutants read and write, in a variable of this name that all programs of the process share. */
export const mutation: {
  activeMutant: string | undefined;
  currentTestId: string | undefined;
  hitCount: number;
  hitLimit: number;
  readonly mutantCoverage: {
    readonly static: Record<string, number>;
    readonly perTest: Record<string, Record<string, number>>;
  };
} = {
  activeMutant: undefined,
  currentTestId: undefined,
  hitCount: 0,
  hitLimit: Number.POSITIVE_INFINITY,
  mutantCoverage: { static: {}, perTest: {} },
};
Object.defineProperty(globalThis, '__stryker__', { value: mutation });

/** Loads a bundle anew, and returns the tests that it registers. */
export function load(bundle: Script): readonly CollectedTest[] {
  const tests: CollectedTest[] = [];
  const groups: string[] = [];
  const add: Register = (name, body) => {
    tests.push({ name: [...groups, name].join(' > '), body });
  };
  const describe: Register = (name, body) => {
    groups.push(name);
    body();
    groups.pop();
  };
  const runner = {
    expect,
    expectTypeOf: () => ({ toExtend: ignore, not: { toExtend: ignore } }),
    test: Object.assign(add, { each: eachBy(add) }),
    describe: Object.assign(describe, { each: eachBy(describe) }),
  };
  const run: unknown = bundle.runInThisContext();
  const fromHere = createRequire(path.join(packageFolder, 'package.json'));
  if (typeof run === 'function') run((name: string): unknown => (name === 'vitest' ? runner : fromHere(name)));
  return tests;
}

type Register = (name: string, body: () => unknown) => void;

function eachBy(register: Register): (cases: readonly unknown[]) => (name: string, body: Body) => void {
  return (cases) => (name, body) => {
    for (const one of cases) {
      const values: readonly unknown[] = Array.isArray(one) ? one : [one];
      register(name, () => body(...values));
    }
  };
}

function ignore(): void {
  // Types were checked when the source was compiled.
}

/** Runs a test; false where it fails. */
export async function passes({ body }: CollectedTest): Promise<boolean> {
  try {
    await body();
    return true;
  } catch {
    return false;
  }
}
