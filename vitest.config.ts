import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The repository's packages are tested as they are written, and not as they were compiled last.
  // Without 'module', by which OpenTelemetry exports files that only a bundler can load.
  ssr: { resolve: { conditions: ['zerodrop-source', 'node', 'development|production'] } },
  test: {
    include: ['tests/**/*.test.ts', 'packages/*/tests/**/*.test.ts'],
    globalSetup: 'tests/temporary-folder.ts',
    // A process for each processor, and without isolation: no test keeps state in a module. One more waits less for the programs that
    // tests start, but imports everything once more: measured, that costs more than it brings. Not threads of one process: starting
    // git copies the page tables of whoever starts it, and that took a quarter of all processor time.
    pool: 'forks',
    isolate: false,
    maxWorkers: '100%',
    testTimeout: 30_000,
  },
});
