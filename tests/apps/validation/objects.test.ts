import { describe, expect, test } from 'vitest';
import { objectProblems } from '../../../apps/validation/objects.ts';
import { faults } from './faults.ts';
import { changed, samples } from './samples.ts';

test.each(Object.entries(samples))('says nothing of a good %s', (_kind, object) => {
  expect(objectProblems(object)).toEqual([]);
});

describe.each(Object.entries(faults))('%s', (_name, list) => {
  test.each(list)('are told: %s %s %j', (kind, path, value, words) => {
    const problems = objectProblems(changed(kind, path, value));
    expect(problems.join('\n')).toContain(words);
    for (const problem of problems) expect(problem).toMatch(/^[A-Z]\w*(?: \S+)?: .*\.$/s);
  });
});
