import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Script } from 'node:vm';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { build } from 'esbuild';

export const packageFolder = path.join(import.meta.dirname, '../../..');
const sourceFolder = path.join(packageFolder, 'src/guard');
const testFolder = path.join(packageFolder, 'tests/guard');

/** One change of the source that a test should notice. */
export interface Mutant {
  readonly id: string;
  /** Relative to src/guard. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly original: string;
  readonly replacement: string;
}

/** The guard and its tests as programs that can be run again and again, in which one mutant is active at a time. */
export interface Instrumented {
  readonly mutants: readonly Mutant[];
  /** The guard alone, to see what is computed when it is loaded. */
  readonly guard: Script;
  /** The guard and its tests. */
  readonly tests: Script;
}

/** Mutates the files of src/guard whose path begins with one of these, as Stryker does. */
export async function instrument(beginnings: readonly string[]): Promise<Instrumented> {
  const files = filesBelow(sourceFolder)
    .filter((file) => beginnings.some((beginning) => path.relative(sourceFolder, file).startsWith(beginning)))
    .map((name) => ({ name, content: readFileSync(name, 'utf8'), mutate: true }));
  const options = { plugins: null, excludedMutations: [], ignorers: [] };
  const result = await new Instrumenter(silent).instrument(files, options);
  const contents = new Map(result.files.map(({ name, content }) => [name, content]));
  const mutants = result.mutants.map(({ id, fileName, location, replacement }): Mutant => {
    const lines = readFileSync(fileName, 'utf8')
      .split('\n')
      .slice(location.start.line, location.end.line + 1);
    const end = lines.length === 1 ? location.end.column : undefined;
    return {
      id,
      file: path.relative(sourceFolder, fileName),
      line: location.start.line + 1,
      original: lines[0]?.slice(location.start.column, end) ?? '',
      replacement: replacement ?? '',
    };
  });
  // Changes by chance, the fuzzer and the command take seconds each, and what runs git is no test of a rule.
  const tests = filesBelow(testFolder).filter(
    (file) => file.endsWith('.test.ts') && !/\/(?:fuzz|command)\/|\/(?:honest|git-files)\./.test(file),
  );
  return {
    mutants,
    guard: await bundled([path.join(sourceFolder, 'index.ts')], contents),
    tests: await bundled(tests, contents),
  };
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join(folder, name));
}

/** One program of all modules, as a function of `require`, by which the tests get `test` and `expect`. */
async function bundled(modules: readonly string[], contents: ReadonlyMap<string, string>): Promise<Script> {
  const result = await build({
    stdin: {
      contents: modules.map((name) => `import ${JSON.stringify(name)};`).join(''),
      resolveDir: packageFolder,
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    external: ['vitest', 'yaml'],
    conditions: ['zerodrop-source'],
    logLevel: 'error',
    plugins: [
      {
        name: 'mutants',
        setup({ onLoad }) {
          onLoad({ filter: /\.ts$/ }, ({ path: file }) => ({
            contents: (contents.get(file) ?? readFileSync(file, 'utf8')).replaceAll(
              'import.meta.dirname',
              JSON.stringify(path.dirname(file)),
            ),
            loader: 'ts',
          }));
        },
      },
    ],
  });
  return new Script(`(require) => {${result.outputFiles[0]?.text ?? ''}\n}`, {
    filename: 'guard-and-tests.cjs',
  });
}

const nothing = (): void => undefined;
const isOff = (): boolean => false;
const silent = {
  isTraceEnabled: isOff,
  isDebugEnabled: isOff,
  isInfoEnabled: isOff,
  isWarnEnabled: isOff,
  isErrorEnabled: isOff,
  isFatalEnabled: isOff,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
};
