import { expect, test } from 'vitest';
import { withoutStackTraces } from '../../cluster/compose.ts';

function fail(): never {
  throw new Error('a fault of ours');
}

test('leaves out what is asked for meanwhile, and writes out what is read afterwards', () => {
  const seen = withoutStackTraces(() => new Error('asked meanwhile').stack);
  expect(seen).toBe('');
  const written = expect.objectContaining({ stack: expect.stringContaining('stack-traces.test.ts') });
  expect(() => withoutStackTraces(fail)).toThrow(written);
  expect(new Error('later').stack).toContain('stack-traces.test.ts');
});
