import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const stacks = /\/tests\/(cluster|apps\/synth)\b/;

/**
 * Runs the tests of the cluster's stacks last: CDKTF makes a process large, and starting git copies the page tables of whoever
 * starts it.
 */
class StacksLast extends BaseSequencer {
  public override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await BaseSequencer.prototype.sort.call(this, files);
    return usual.toSorted((one, other) => Number(stacks.test(one.moduleId)) - Number(stacks.test(other.moduleId)));
  }
}

export default defineConfig({
  // The repository's packages are tested as they are written, and not as they were compiled last.
  // Without 'module', by which OpenTelemetry exports files that only a bundler can load.
  ssr: { resolve: { conditions: ['zerodrop-source', 'node', 'development|production'] } },
  test: {
    include: ['tests/**/*.test.ts', 'packages/*/tests/**/*.test.ts'],
    globalSetup: 'tests/temporary-folder.ts',
    // One process more than a small machine has processors, because many tests wait for the programs that they start: on 2 processors
    // 89 s with three and 102 s with two. Without isolation: no test keeps state in a module. Not threads of one process: starting
    // git copies the page tables of whoever starts it, and that took a quarter of all processor time.
    pool: 'forks',
    isolate: false,
    maxWorkers: Math.max(3, availableParallelism()),
    sequence: { sequencer: StacksLast },
    testTimeout: 30_000,
  },
});
