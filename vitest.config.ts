import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Threads without isolation start four times as fast; no test keeps state in a module.
    pool: 'threads',
    isolate: false,
    testTimeout: 30_000,
  },
});
