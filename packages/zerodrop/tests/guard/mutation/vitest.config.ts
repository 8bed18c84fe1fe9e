import path from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: path.join(import.meta.dirname, '../../../../..'),
  test: { include: ['packages/zerodrop/tests/guard/mutation/run.ts'], pool: 'forks' },
});
