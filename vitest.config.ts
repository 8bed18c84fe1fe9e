import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Threads without isolation start four times as fast; no test keeps state in a module.
    pool: 'threads',
    isolate: false,
    // Every processor: most of the time goes into git and node processes, for which vitest's own thread waits.
    maxWorkers: '100%',
    testTimeout: 30_000,
  },
});
